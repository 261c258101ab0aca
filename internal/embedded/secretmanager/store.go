package secretmanager

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/tink-crypto/tink-go/v2/tink"
	"go.etcd.io/bbolt"
)

const storeFile = "store.db"

// Four buckets, by the full name of a secret or a version. A payload is ciphertext, bound to its version's name.
var (
	secrets  = []byte("secrets")
	versions = []byte("versions")
	payloads = []byte("payloads")
	// gone holds secrets that were deleted, because lists may show them a little longer.
	gone = []byte("gone")
)

// store is one bbolt file: what it acknowledged is synced. Its lock keeps readers away while freed pages are
// overwritten.
type store struct {
	lock sync.RWMutex
	db   *bbolt.DB
	file *os.File
}

func openStore(dir string) (*store, tink.AEAD, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, fmt.Errorf("making directory: %w", err)
	}

	path := filepath.Join(dir, storeFile)
	_, missing := os.Stat(path)
	key, err := loadKeyset(dir, missing == nil)
	if err != nil {
		return nil, nil, err
	}

	db, err := bbolt.Open(path, 0o600, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		return nil, nil, fmt.Errorf("opening store (is another one running on %s?): %w", dir, err)
	}

	s := &store{db: db}
	if s.file, err = openFile(dir); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("opening store: %w", err), db.Close())
	}

	if err := s.erase(makeBuckets); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("preparing store: %w", err), s.close())
	}

	return s, key, nil
}

// openFile opens the store's file a second time, to overwrite pages that bbolt has freed.
func openFile(dir string) (*os.File, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}

	f, err := root.OpenFile(storeFile, os.O_RDWR, 0)
	return f, errors.Join(err, root.Close())
}

func makeBuckets(tx *bbolt.Tx) error {
	for _, name := range [][]byte{secrets, versions, payloads, gone} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}

	return nil
}

func (s *store) close() error { return errors.Join(s.file.Close(), s.db.Close()) }

func (s *store) view(read func(*bbolt.Tx) error) error {
	s.lock.RLock()
	defer s.lock.RUnlock()
	return s.db.View(read)
}

func (s *store) update(write func(*bbolt.Tx) error) error {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.db.Update(write)
}

// get reads a record; found is false if there is none.
func get[T any](tx *bbolt.Tx, bucket []byte, key string) (record T, found bool, err error) {
	text := tx.Bucket(bucket).Get([]byte(key))
	if text == nil {
		return record, false, nil
	}

	if err := json.Unmarshal(text, &record); err != nil {
		return record, false, fmt.Errorf("reading record of %s: %w", key, err)
	}

	return record, true, nil
}

func put(tx *bbolt.Tx, bucket []byte, key string, record any) error {
	text, err := json.Marshal(record)
	if err != nil {
		return fmt.Errorf("encoding record of %s: %w", key, err)
	}

	return tx.Bucket(bucket).Put([]byte(key), text)
}
