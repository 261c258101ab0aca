package object

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/provenanceone/data-api/internal/authz"
)

// Freed is a blob that nothing refers to any more.
type Freed struct {
	Workspace authz.WorkspaceID `db:"workspace_id" json:"workspace"`
	Region    string            `json:"region"`
	ID        BlobID            `db:"blob_id"      json:"id"`
}

// freedAtOnce is how many are looked for at once.
const freedAtOnce = 500

// BlobIndex stores which blobs exist.
type BlobIndex interface {
	// ForgetBlob says that storage has dropped a blob that nothing refers to. Bookkeeping.
	ForgetBlob(ctx context.Context, ws authz.WorkspaceID, id BlobID) error
	// FreedBlobs returns blobs of any workspace that nothing refers to, after one of them: the zero one comes before
	// all. Those that a deletion drops itself are not among them.
	FreedBlobs(ctx context.Context, after Freed, most int) ([]Freed, error)
}

// Reaper drops blobs that nothing refers to any more.
type Reaper struct {
	book  BlobIndex
	blobs Blobs
	log   *slog.Logger
}

// NewReaper returns a reaper of a storage and its books.
func NewReaper(book BlobIndex, blobs Blobs, log *slog.Logger) *Reaper {
	return &Reaper{book: book, blobs: blobs, log: log}
}

// Free drops blobs. One that cannot be dropped now stays on the books until it can.
func (r *Reaper) Free(ctx context.Context, a authz.Actor, ids []BlobID) {
	ctx = context.WithoutCancel(ctx)
	for _, id := range ids {
		if err := r.Drop(ctx, Freed{Workspace: a.Workspace, Region: a.Region, ID: id}); err != nil {
			r.log.WarnContext(ctx, "a blob was not dropped yet", "blob", id, "error", err)
		}
	}
}

// Find returns blobs that are on the books and nothing refers to, after one of them; nothing at the end.
func (r *Reaper) Find(ctx context.Context, after Freed) ([]Freed, error) {
	return r.book.FreedBlobs(ctx, after, freedAtOnce)
}

// Drop drops a blob that nothing refers to, and takes it off the books. It may be done again. Errors:
// fault.Unavailable.
func (r *Reaper) Drop(ctx context.Context, f Freed) error {
	if err := r.blobs.Drop(ctx, BlobPlace(f.Region, f.ID)); err != nil {
		return fmt.Errorf("dropping blob %s: %w", f.ID, err)
	}

	return r.book.ForgetBlob(ctx, f.Workspace, f.ID)
}
