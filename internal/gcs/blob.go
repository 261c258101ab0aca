package gcs

import (
	"context"
	"encoding/base64"
	"encoding/binary"

	"cloud.google.com/go/storage"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

// bucket returns the bucket of a region.
func (s *Store) bucket(region string) (*storage.BucketHandle, error) {
	name, found := s.opts.Buckets[region]
	if !found {
		return nil, fault.New(fault.Unavailable, "This server has no storage in the region %q.", region)
	}

	return s.client.Bucket(name), nil
}

func (s *Store) blob(p object.Place) (*storage.ObjectHandle, error) {
	bucket, err := s.bucket(p.Region)
	if err != nil {
		return nil, err
	}

	return bucket.Object(p.Name), nil
}

// Stat describes a blob; found is false when there is none.
//
// Errors: fault.Unavailable, also for an unknown region or a missing bucket.
func (s *Store) Stat(ctx context.Context, p object.Place) (upload.Blob, bool, error) {
	handle, err := s.blob(p)
	if err != nil {
		return upload.Blob{}, false, err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	attrs, err := handle.Attrs(ctx)
	switch {
	case isGone(err):
		return upload.Blob{}, false, nil
	case err != nil:
		return upload.Blob{}, false, unavailable("Storage did not answer: the stored file could not be looked up.", err)
	}

	return describe(attrs), true, nil
}

func describe(a *storage.ObjectAttrs) upload.Blob {
	return upload.Blob{
		Generation:  a.Generation,
		SizeBytes:   a.Size,
		ContentType: a.ContentType,
		CreatedAt:   a.Created,
		CRC32C:      base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, a.CRC32C)),
		MD5:         base64.StdEncoding.EncodeToString(a.MD5),
	}
}

// Drop deletes a blob. A blob that does not exist is no error.
//
// Errors: fault.Unavailable, after which the blob may or may not be there.
func (s *Store) Drop(ctx context.Context, p object.Place) error {
	handle, err := s.blob(p)
	if err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	// No name is used twice, so deleting again what a lost answer left in doubt deletes nothing else.
	err = handle.Retryer(storage.WithPolicy(storage.RetryAlways)).Delete(ctx)
	if err != nil && !isGone(err) {
		return unavailable("Storage did not answer: the stored file was not deleted.", err)
	}

	return nil
}
