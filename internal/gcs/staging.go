package gcs

import (
	"context"
	"errors"

	"cloud.google.com/go/storage"
	"google.golang.org/api/iterator"

	"github.com/provenanceone/data-api/internal/upload"
)

var _ upload.Staging = (*Store)(nil)

// ListStaged returns blobs in staging whose names come after one, in the order of names.
//
// Errors: fault.Unavailable.
func (s *Store) ListStaged(ctx context.Context, region, after string, most int) ([]upload.StagedBlob, error) {
	bucket, err := s.bucket(region)
	if err != nil {
		return nil, err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	query := &storage.Query{Prefix: stagingPrefix, StartOffset: after}
	if err := query.SetAttrSelection([]string{"Name", "Created"}); err != nil {
		return nil, unavailable(notListed, err)
	}

	blobs := bucket.Objects(ctx, query)
	blobs.PageInfo().MaxSize = most
	var all []upload.StagedBlob
	for len(all) < most {
		attrs, err := blobs.Next()
		if errors.Is(err, iterator.Done) {
			break
		}

		if err != nil {
			return nil, unavailable(notListed, err)
		}

		if attrs.Name == after { // storage begins with it
			continue
		}

		all = append(all, upload.StagedBlob{Name: attrs.Name, CreatedAt: attrs.Created})
	}

	return all, nil
}
