package run

import "time"

// KeptSets returns how many bytes of sets are kept.
func (s *Service) KeptSets() int {
	s.sets.mu.Lock()
	defer s.sets.mu.Unlock()
	return s.sets.bytes
}

// KeepSets bounds how many bytes of sets are kept.
func (s *Service) KeepSets(bytes int) { s.sets.most = bytes }

// WaitForShare bounds how long somebody waits for a share. Nobody may hold one yet.
func (s *Service) WaitForShare(d time.Duration) { s.shares = newShares(d) }
