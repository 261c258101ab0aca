package run

import (
	"container/list"
	"slices"
	"sync"
	"time"

	"github.com/provenanceone/data-api/internal/redact"
)

// maxSetBytes is how much memory the sets of leases take together while nobody uses them. The largest lease takes
// less than half of it.
const maxSetBytes = 96 << 20

// sets caches the redaction sets of open leases while there is room. It overwrites a set that it drops once nobody uses
// it.
//
// The index decides before each use whether a lease is open.
type sets struct {
	now    func() time.Time
	most   int
	mu     sync.Mutex
	kept   map[LeaseID]*list.Element
	recent *list.List // of *keptSet: what was used last in front
	bytes  int
}

// cachedSet finds the secrets of a lease in text.
type cachedSet struct {
	*redact.Set
	lease Lease
	held  []PinnedSecret
	users int
	gone  bool
}

func newSets(now func() time.Time) *sets {
	return &sets{now: now, most: maxSetBytes, kept: map[LeaseID]*list.Element{}, recent: list.New()}
}

// find returns the set of a lease, to be given back; nil if there is none of exactly these versions and names.
func (s *sets) find(l Lease, held []PinnedSecret) *cachedSet {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := s.kept[l.ID]
	if at == nil {
		return nil
	}

	k := setAt(at)
	if !slices.EqualFunc(k.held, held, sameHeld) {
		s.drop(at)
		return nil
	}

	s.recent.MoveToFront(at)
	k.users++
	return k
}

// sameHeld reports whether a version is found and named as before.
func sameHeld(a, b PinnedSecret) bool {
	return a.SecretID == b.SecretID && a.Version == b.Version && a.Number == b.Number && a.Name == b.Name &&
		a.Format == b.Format
}

// keep takes up a set, for whoever has built it to give back.
func (s *sets) keep(l Lease, held []PinnedSecret, set *redact.Set) *cachedSet {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.kept[l.ID]; at != nil {
		s.drop(at)
	}

	k := &cachedSet{Set: set, lease: l, held: held, users: 1}
	s.kept[l.ID] = s.recent.PushFront(k)
	s.bytes += set.Size()
	for at := s.recent.Back(); at != nil; {
		before := at.Prev()
		if s.bytes > s.most || !setAt(at).lease.ExpiresAt.After(s.now()) {
			s.drop(at)
		}

		at = before
	}

	return k
}

// giveBack ends one use of a set.
func (s *sets) giveBack(k *cachedSet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k.users--
	k.wipeIfDone()
}

// forget drops the set of a lease.
func (s *sets) forget(id LeaseID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at := s.kept[id]; at != nil {
		s.drop(at)
	}
}

func (s *sets) drop(at *list.Element) {
	k := setAt(at)
	s.recent.Remove(at)
	delete(s.kept, k.lease.ID)
	s.bytes -= k.Size()
	k.gone = true
	k.wipeIfDone()
}

func (k *cachedSet) wipeIfDone() {
	if k.gone && k.users == 0 {
		k.Wipe()
	}
}

func setAt(at *list.Element) *cachedSet {
	k, _ := at.Value.(*cachedSet)
	return k
}
