package secretmanager

import (
	"bytes"
	"fmt"

	"go.etcd.io/bbolt"
)

// erase writes like update and then overwrites with zeros every page that the store no longer uses.
//
// bbolt only unlinks what is deleted: its bytes would stay in the file until the page is used again.
// The commit is synced before, so no page that a crash could fall back to is touched.
func (s *store) erase(write func(*bbolt.Tx) error) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	if err := s.db.Update(write); err != nil {
		return err
	}

	if err := s.db.View(s.zeroFreePages); err != nil {
		return fmt.Errorf("overwriting freed pages: %w", err)
	}

	return s.file.Sync()
}

func (s *store) zeroFreePages(tx *bbolt.Tx) error {
	size := int64(s.db.Info().PageSize)
	have, zeros := make([]byte, size), make([]byte, size)
	for id := 0; ; id++ {
		page, err := tx.Page(id)
		if err != nil || page == nil {
			return err
		}

		if page.Type != "free" {
			continue
		}

		if _, err := s.file.ReadAt(have, int64(id)*size); err != nil {
			return err
		}

		if bytes.Equal(have, zeros) {
			continue
		}

		if _, err := s.file.WriteAt(zeros, int64(id)*size); err != nil {
			return err
		}
	}
}
