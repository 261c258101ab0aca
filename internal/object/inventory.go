package object

import (
	"context"
	"time"
)

// Bucket is where the blobs of one region are kept, or of several.
type Bucket struct {
	// Region is one of them, by which the bucket is reached.
	Region  string
	Regions []string
}

// Held is a blob as a bucket has it.
type Held struct {
	Name string
	// Generation changes when the blob is deleted and made again.
	Generation int64
}

// Mark says whose a bucket is.
type Mark struct {
	// Instance is the deployment.
	Instance string
	// Run is the number of its last run over the bucket.
	Run int64
	// Generation is of the mark itself; 0 for one that is not there yet.
	Generation int64
}

// Inventory is a storage that says what it has. What it lists is what is there.
type Inventory interface {
	// Buckets returns the buckets there are.
	Buckets() []Bucket
	// List hands over what a bucket has below a prefix, page by page, in the order of the names' bytes. Errors:
	// fault.Unavailable; those of page.
	List(ctx context.Context, region, prefix string, page func([]Held) error) error
	// Find says what is at a place; found is false if nothing is. Errors: fault.Unavailable.
	Find(ctx context.Context, p Place) (h Held, found bool, err error)
	// DropHeld deletes a blob if it still is the one that was found; one that is gone already is no error. Errors:
	// fault.Unavailable.
	DropHeld(ctx context.Context, region string, h Held) error
	// Mark returns a bucket's mark; the zero one if it has none. Errors: fault.Unavailable.
	Mark(ctx context.Context, region string) (Mark, error)
	// SetMark marks a bucket if its mark is still of that generation. Errors: fault.Conflict if it is not;
	// fault.Unavailable.
	SetMark(ctx context.Context, region string, m Mark) error
}

// Stray is something in a bucket that no object or open upload accounts for.
type Stray struct{ Region, Name string }

// ReconcileStore knows the rows, and keeps what was seen without one. All of it is bookkeeping: what is quarantined
// belongs to no workspace.
type ReconcileStore interface {
	// BucketRuns says which deployment this is, the number of its last run over the buckets, and when that ended; zero
	// for never.
	BucketRuns(ctx context.Context) (instance string, run int64, ended time.Time, err error)
	// BlobsAmong returns those of the ids that have a row, or that an open upload may still become, and whether a
	// version refers to each.
	BlobsAmong(ctx context.Context, ids []BlobID) (kept map[BlobID]bool, err error)
	// OpenAmong returns those of the ids that have a row, and whether each is open. Uploads have the ids of the blobs
	// that they become.
	OpenAmong(ctx context.Context, ids []BlobID) (open map[BlobID]bool, err error)
	// BlobsBetween returns blobs of some regions that versions refer to, by id, after one and up to another, at most
	// so many.
	BlobsBetween(ctx context.Context, regions []string, after, last BlobID, most int) ([]BlobID, error)
	// BeginBucketRun returns the number of a new run, greater than that of the last one and than another one.
	BeginBucketRun(ctx context.Context, after int64) (int64, error)
	// NoteStrays keeps what a run has seen.
	NoteStrays(ctx context.Context, run int64, seen []Stray, at time.Time) error
	// ForgetStrays forgets what a run has not seen.
	ForgetStrays(ctx context.Context, run int64) error
	// Strays returns since when each has been seen.
	Strays(ctx context.Context) (since map[Stray]time.Time, err error)
	// EndBucketRun keeps when a run ended.
	EndBucketRun(ctx context.Context, at time.Time) error
}
