package gcs

import (
	"encoding/base64"
	"fmt"
	"os"

	bolt "go.etcd.io/bbolt"
	raw "google.golang.org/api/storage/v1"
)

func objectsIn(tx *bolt.Tx, bucket string) (*bolt.Bucket, error) {
	if table := tx.Bucket(objectsKey).Bucket([]byte(bucket)); table != nil {
		return table, nil
	}

	return nil, errNoSuchBucket
}

// find reads an object's row; nil where there is no such object.
func find(tx *bolt.Tx, at ref) (*record, error) {
	table, err := objectsIn(tx, at.bucket)
	if err != nil {
		return nil, err
	}

	return load[record](table, at.name)
}

// mayPut checks early what put checks for good, so that a body need not be read in vain.
func (s *store) mayPut(at ref, when conditions) error {
	return s.db.View(func(tx *bolt.Tx) error {
		current, err := find(tx, at)
		if err != nil {
			return err
		}

		return when.writes(current)
	})
}

// put makes a blob the content of an object. The row is the commit point: until then the blob is nothing.
// What is written alongside is written in the same commit.
func (s *store) put(
	at ref, when conditions, draft *raw.Object, b blob, alongside func(*bolt.Tx, *raw.Object) error,
) (o *raw.Object, err error) {
	var replaced string
	err = s.db.Update(func(tx *bolt.Tx) error {
		current, err := find(tx, at)
		if err != nil {
			return err
		}

		if err := when.writes(current); err != nil {
			return err
		}

		if current != nil {
			replaced = current.Blob
		}

		if o, err = s.write(tx, at, draft, b); err != nil || alongside == nil {
			return err
		}

		return alongside(tx, o)
	})
	if err != nil {
		return nil, err
	}

	s.drop(replaced)
	return o, nil
}

func (s *store) write(tx *bolt.Tx, at ref, draft *raw.Object, b blob) (*raw.Object, error) {
	generation, err := s.nextGeneration(tx)
	if err != nil {
		return nil, err
	}

	o := s.describe(at, draft, b, generation)
	return o, save(tx.Bucket(objectsKey).Bucket([]byte(at.bucket)), at.name, record{Object: o, Blob: b.id})
}

// nextGeneration is the time in microseconds, and more than every one before it.
func (s *store) nextGeneration(tx *bolt.Tx) (int64, error) {
	table := tx.Bucket(objectsKey)
	next := max(s.now().UnixMicro(), int64(table.Sequence())+1) //nolint:gosec // microseconds fit for 292,000 years
	if err := table.SetSequence(uint64(next)); err != nil {
		return 0, fmt.Errorf("numbering a generation: %w", err)
	}

	return next, nil
}

func (s *store) describe(at ref, draft *raw.Object, b blob, generation int64) *raw.Object {
	now := s.timestamp()
	o := &raw.Object{
		Kind:                    "storage#object",
		Bucket:                  at.bucket,
		Name:                    at.name,
		Id:                      fmt.Sprintf("%s/%s/%d", at.bucket, at.name, generation),
		Generation:              generation,
		Metageneration:          1,
		Etag:                    etagOf(generation, 1),
		Md5Hash:                 b.sums.md5,
		Crc32c:                  b.sums.crc32c,
		StorageClass:            "STANDARD",
		TimeCreated:             now,
		Updated:                 now,
		TimeFinalized:           now,
		TimeStorageClassUpdated: now,
	}
	o.Size = uint64(b.size) //nolint:gosec // counted, so never below 0
	describeContent(o, draft)
	return o
}

// sizeOf is an object's length in bytes.
func sizeOf(o *raw.Object) int64 {
	return int64(o.Size) //nolint:gosec // at most maxObjectBytes
}

// describeContent copies what the uploader says of the content.
func describeContent(to, from *raw.Object) {
	to.ContentType = from.ContentType
	to.ContentEncoding, to.ContentLanguage = from.ContentEncoding, from.ContentLanguage
	to.ContentDisposition, to.CacheControl, to.Metadata = from.ContentDisposition, from.CacheControl, from.Metadata
	to.CustomTime = from.CustomTime
}

func etagOf(generation, metageneration int64) string {
	return base64.StdEncoding.EncodeToString(fmt.Appendf(nil, "%d/%d", generation, metageneration))
}

// stat describes an object, if the preconditions of fetching it hold.
func (s *store) stat(at ref, when conditions) (r *record, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		if r, err = find(tx, at); err != nil {
			return err
		}

		return when.fetches(r)
	})
	return r, err
}

// open is stat with the content, which the caller closes.
func (s *store) open(at ref, when conditions) (*record, *os.File, error) {
	s.removing.RLock()
	defer s.removing.RUnlock()
	r, err := s.stat(at, when)
	if err != nil {
		return nil, nil, err
	}

	file, err := os.Open(s.files.path(r.Blob))
	if err != nil {
		return nil, nil, fmt.Errorf("opening a blob: %w", err)
	}

	return r, file, nil
}

func (s *store) delete(at ref, when conditions) error {
	var gone string
	err := s.db.Update(func(tx *bolt.Tx) error {
		current, err := find(tx, at)
		if err != nil {
			return err
		}

		if err := when.reads(current); err != nil {
			return err
		}

		gone = current.Blob
		return tx.Bucket(objectsKey).Bucket([]byte(at.bucket)).Delete([]byte(at.name))
	})
	if err != nil {
		return err
	}

	s.drop(gone)
	return nil
}
