package object

import (
	"context"

	"github.com/provenanceone/data-api/internal/reconcile"
)

// Bucket holds the blobs of one region, or of several.
type Bucket struct {
	// Region is one of Regions; calls name the bucket by it.
	Region  string
	Regions []string
}

// StoredBlob is a blob as a bucket has it.
type StoredBlob struct {
	Name string
	// Generation changes when the blob is deleted and made again.
	Generation int64
}

// ReconcileBlobs lists and drops the blobs of the buckets. Its lists are strongly consistent.
type ReconcileBlobs interface {
	reconcile.Marks
	// Buckets returns the buckets there are.
	Buckets() []Bucket
	// List calls page for each page of the blobs below a prefix, in the order of their names' bytes. Errors:
	// fault.Unavailable; those of page.
	List(ctx context.Context, region, prefix string, page func([]StoredBlob) error) error
	// Find returns the blob at a place; found is false if there is none. Errors: fault.Unavailable.
	Find(ctx context.Context, p Place) (h StoredBlob, found bool, err error)
	// DropHeld deletes a blob if its generation is still the one that was found; one that is gone already is no error.
	// Errors: fault.Unavailable.
	DropHeld(ctx context.Context, region string, h StoredBlob) error
}

// ReconcileStore knows the rows that blobs should have.
type ReconcileStore interface {
	reconcile.Store
	// BlobsAmong returns those of the ids that have a row, or that an open upload may still become, and whether a
	// version refers to each.
	BlobsAmong(ctx context.Context, ids []BlobID) (kept map[BlobID]bool, err error)
	// OpenAmong returns those of the ids that have a row, and whether each is open. Uploads have the ids of the blobs
	// that they become.
	OpenAmong(ctx context.Context, ids []BlobID) (open map[BlobID]bool, err error)
	// BlobsBetween returns at most `most` blobs of some regions that versions refer to, by id, after one and up to
	// another.
	BlobsBetween(ctx context.Context, regions []string, after, last BlobID, most int) ([]BlobID, error)
}
