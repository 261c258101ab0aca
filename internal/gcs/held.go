package gcs

import (
	"context"
	"maps"
	"slices"
	"time"

	"cloud.google.com/go/storage"
	"google.golang.org/api/iterator"

	"github.com/provenanceone/data-api/internal/object"
)

const (
	// listPage is how many blobs are asked for at once.
	listPage = 1000
	// listTimeout bounds one page.
	listTimeout = time.Minute

	notListed = "Storage did not answer: it is not known what is there."
)

// Buckets lists the buckets, each under the first of its regions.
func (s *Store) Buckets() []object.Bucket {
	of := map[string]*object.Bucket{}
	for _, region := range slices.Sorted(maps.Keys(s.opts.Buckets)) {
		name := s.opts.Buckets[region]
		if of[name] == nil {
			of[name] = &object.Bucket{Region: region}
		}

		of[name].Regions = append(of[name].Regions, region)
	}

	all := make([]object.Bucket, 0, len(of))
	for _, name := range slices.Sorted(maps.Keys(of)) {
		all = append(all, *of[name])
	}

	return all
}

// Regions returns the region that each bucket is reached by, in the order of Buckets.
func (s *Store) Regions() (all []string) {
	for _, b := range s.Buckets() {
		all = append(all, b.Region)
	}

	return all
}

// List hands over what a bucket has below a prefix, page by page, in the order of the names' bytes.
//
// Errors: fault.Unavailable; those of page, as they are.
func (s *Store) List(ctx context.Context, region, prefix string, page func([]object.StoredBlob) error) error {
	bucket, err := s.bucket(region)
	if err != nil {
		return err
	}

	query := &storage.Query{Prefix: prefix}
	if err := query.SetAttrSelection([]string{"Name", "Generation"}); err != nil {
		return unavailable(notListed, err)
	}

	for token := ""; ; {
		held, next, err := s.listPage(ctx, bucket, query, token)
		if err != nil {
			return unavailable(notListed, err)
		}

		if err := page(held); err != nil {
			return err
		}

		if token = next; token == "" {
			return nil
		}
	}
}

func (s *Store) listPage(
	ctx context.Context, bucket *storage.BucketHandle, query *storage.Query, token string,
) (held []object.StoredBlob, next string, err error) {
	ctx, cancel := context.WithTimeout(ctx, listTimeout)
	defer cancel()
	var attrs []*storage.ObjectAttrs
	next, err = iterator.NewPager(bucket.Objects(ctx, query), listPage, token).NextPage(&attrs)
	for _, a := range attrs {
		held = append(held, object.StoredBlob{Name: a.Name, Generation: a.Generation})
	}

	return held, next, err
}

// Find describes the blob at a place; found is false if there is none. Errors: fault.Unavailable.
func (s *Store) Find(ctx context.Context, p object.Place) (h object.StoredBlob, found bool, err error) {
	b, found, err := s.Stat(ctx, p)
	return object.StoredBlob{Name: p.Name, Generation: b.Generation}, found, err
}

// DropHeld deletes a blob if it is still the one that Find described. A blob that is gone, or was replaced, is no
// error.
//
// Errors: fault.Unavailable.
func (s *Store) DropHeld(ctx context.Context, region string, h object.StoredBlob) error {
	handle, err := s.blob(object.Place{Region: region, Name: h.Name})
	if err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	if err := handle.If(storage.Conditions{GenerationMatch: h.Generation}).Delete(ctx); err != nil && !isMoot(err) {
		return unavailable("Storage did not answer: the stored file was not deleted.", err)
	}

	return nil
}
