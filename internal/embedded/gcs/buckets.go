package gcs

import (
	"encoding/json"
	"fmt"
	"maps"

	bolt "go.etcd.io/bbolt"
	raw "google.golang.org/api/storage/v1"
)

// createBucket keeps a bucket as it was given, with what the service adds.
func (s *store) createBucket(b *raw.Bucket) (*raw.Bucket, error) {
	if !bucketName.MatchString(b.Name) {
		return nil, errInvalidBucketName
	}

	s.stampBucket(b)
	return b, s.db.Update(func(tx *bolt.Tx) error {
		table := tx.Bucket(bucketsKey)
		if table.Get([]byte(b.Name)) != nil {
			return errBucketExists
		}

		if _, err := tx.Bucket(objectsKey).CreateBucket([]byte(b.Name)); err != nil {
			return fmt.Errorf("creating a bucket: %w", err)
		}

		return save(table, b.Name, b)
	})
}

func (s *store) stampBucket(b *raw.Bucket) {
	b.Kind, b.Id, b.Metageneration = "storage#bucket", b.Name, 1
	b.TimeCreated = s.timestamp()
	b.Updated = b.TimeCreated
	if b.Location == "" {
		b.Location = "US"
	}

	if b.StorageClass == "" {
		b.StorageClass = "STANDARD"
	}

	b.Etag = etagOf(b.Metageneration, b.Metageneration)
}

func (s *store) bucket(name string) (b *raw.Bucket, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		b, err = load[raw.Bucket](tx.Bucket(bucketsKey), name)
		return err
	})
	if err == nil && b == nil {
		err = errNoSuchBucket
	}

	return b, err
}

// patchBucket replaces the fields that are given; null removes one.
func (s *store) patchBucket(name string, patch map[string]json.RawMessage) (b *raw.Bucket, err error) {
	err = s.db.Update(func(tx *bolt.Tx) error {
		table := tx.Bucket(bucketsKey)
		row, err := load[map[string]json.RawMessage](table, name)
		if err != nil || row == nil {
			return orMissing(err, errNoSuchBucket)
		}

		if b, err = patched(*row, patch); err != nil {
			return err
		}

		b.Metageneration++
		b.Updated, b.Etag = s.timestamp(), etagOf(b.Metageneration, b.Metageneration)
		return save(table, name, b)
	})
	return b, err
}

// fixedFields are those of a bucket that nobody changes.
var fixedFields = []string{"kind", "id", "name", "metageneration", "timeCreated", "updated", "etag", "location"}

func patched(row, patch map[string]json.RawMessage) (*raw.Bucket, error) {
	for _, fixed := range fixedFields {
		delete(patch, fixed)
	}

	maps.Copy(row, patch)
	merged, err := json.Marshal(row)
	if err != nil {
		return nil, fmt.Errorf("patching a bucket: %w", err)
	}

	var b raw.Bucket
	if err := json.Unmarshal(merged, &b); err != nil {
		return nil, errInvalidArgument.because("A field of the bucket has the wrong type.")
	}

	return &b, nil
}

func orMissing(err error, missing *refusal) error {
	if err != nil {
		return err
	}

	return missing
}
