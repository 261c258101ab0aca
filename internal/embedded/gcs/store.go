package gcs

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	raw "google.golang.org/api/storage/v1"
)

const (
	lockTimeout = 2 * time.Second
	timeFormat  = "2006-01-02T15:04:05.000Z"
)

var (
	bucketsKey  = []byte("buckets")
	objectsKey  = []byte("objects")
	sessionsKey = []byte("sessions")
	// managedKeysKey holds private keys by account.
	managedKeysKey = []byte("managed-keys")
)

// store is the emulator's state: rows in one bbolt file, which is the commit point, and content in files.
type store struct {
	db    *bolt.DB
	files files
	now   func() time.Time
	// removing keeps a file until whoever found its row has opened it.
	removing sync.RWMutex
}

// record is a row of an object.
type record struct {
	// Object is what the JSON API says of it.
	Object *raw.Object
	// Blob is the name of its file.
	Blob string
}

func openStore(dir string, now func() time.Time) (*store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the state directory: %w", err)
	}

	f, err := openFiles(dir)
	if err != nil {
		return nil, err
	}

	db, err := bolt.Open(filepath.Join(dir, "meta.db"), 0o600, &bolt.Options{Timeout: lockTimeout})
	if err != nil {
		return nil, fmt.Errorf("opening the state of the storage emulator: %w", err)
	}

	s := &store{db: db, files: f, now: now}
	if err := s.prepare(); err != nil {
		return nil, errors.Join(err, db.Close())
	}

	return s, nil
}

func (s *store) close() error { return s.db.Close() }

// prepare makes the tables, ends old sessions and sweeps the files that no row names.
func (s *store) prepare() error {
	named := map[string]bool{}
	err := s.db.Update(func(tx *bolt.Tx) error {
		for _, key := range [][]byte{bucketsKey, objectsKey, sessionsKey, managedKeysKey} {
			if _, err := tx.CreateBucketIfNotExists(key); err != nil {
				return err
			}
		}

		return errors.Join(endOldSessions(tx, s.now()), nameBlobs(tx, named))
	})
	if err != nil {
		return fmt.Errorf("preparing the state of the storage emulator: %w", err)
	}

	return s.files.sweep(named)
}

func nameBlobs(tx *bolt.Tx, named map[string]bool) error {
	objects := tx.Bucket(objectsKey)
	err := objects.ForEachBucket(func(bucket []byte) error {
		return eachRow(objects.Bucket(bucket), func(r *record) { named[r.Blob] = true })
	})
	return errors.Join(err, eachRow(tx.Bucket(sessionsKey), func(s *session) { named[s.Blob] = true }))
}

func eachRow[T any](table *bolt.Bucket, visit func(*T)) error {
	return table.ForEach(func(_, row []byte) error {
		var v T
		if err := json.Unmarshal(row, &v); err != nil {
			return fmt.Errorf("reading a row: %w", err)
		}

		visit(&v)
		return nil
	})
}

// load reads a row; nil where there is none.
func load[T any](table *bolt.Bucket, key string) (v *T, err error) {
	if row := table.Get([]byte(key)); row != nil {
		v = new(T)
		err = json.Unmarshal(row, v)
	}

	if err != nil {
		return nil, fmt.Errorf("reading a row: %w", err)
	}

	return v, nil
}

func save(table *bolt.Bucket, key string, row any) error {
	encoded, err := json.Marshal(row)
	if err != nil {
		return fmt.Errorf("writing a row: %w", err)
	}

	return table.Put([]byte(key), encoded)
}

func (s *store) timestamp() string { return s.now().UTC().Format(timeFormat) }

// drop removes a file that no row names any more.
func (s *store) drop(id string) {
	if id == "" {
		return
	}

	s.removing.Lock()
	defer s.removing.Unlock()
	s.files.remove(id)
}
