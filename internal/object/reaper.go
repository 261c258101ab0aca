package object

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/provenanceone/data-api/internal/authz"
)

// WorkItem is a blob that no version refers to. It is the argument of a job.
type WorkItem struct {
	Workspace authz.WorkspaceID `db:"workspace_id" json:"workspace"`
	Region    string            `json:"region"`
	ID        BlobID            `db:"blob_id"      json:"id"`
}

// foundAtOnce is how many blobs one search returns.
const foundAtOnce = 500

// BlobIndex stores which blobs exist.
type BlobIndex interface {
	// ForgetBlob drops the row of a blob that storage has dropped. Bookkeeping.
	ForgetBlob(ctx context.Context, ws authz.WorkspaceID, id BlobID) error
	// UnusedBlobs returns blobs of any workspace that no version refers to, after the given one; the zero item comes
	// before all. It omits those that a deletion drops itself.
	UnusedBlobs(ctx context.Context, after WorkItem, most int) ([]WorkItem, error)
}

// Reaper drops blobs that no version refers to any more.
type Reaper struct {
	index BlobIndex
	blobs Blobs
	log   *slog.Logger
}

// NewReaper returns a reaper of a storage and the index of its blobs.
func NewReaper(index BlobIndex, blobs Blobs, log *slog.Logger) *Reaper {
	return &Reaper{index: index, blobs: blobs, log: log}
}

// Free drops blobs. A job drops later what storage cannot drop now.
func (r *Reaper) Free(ctx context.Context, a authz.Actor, ids []BlobID) {
	ctx = context.WithoutCancel(ctx)
	for _, id := range ids {
		if err := r.Drop(ctx, WorkItem{Workspace: a.Workspace, Region: a.Region, ID: id}); err != nil {
			r.log.WarnContext(ctx, "a blob was not dropped yet", "blob", id, "error", err)
		}
	}
}

// Find returns blobs with a row that no version refers to, after the given one; nothing at the end.
func (r *Reaper) Find(ctx context.Context, after WorkItem) ([]WorkItem, error) {
	return r.index.UnusedBlobs(ctx, after, foundAtOnce)
}

// Drop drops a blob that no version refers to, and then its row. It may be repeated. Errors: fault.Unavailable.
func (r *Reaper) Drop(ctx context.Context, f WorkItem) error {
	if err := r.blobs.Drop(ctx, BlobPlace(f.Region, f.ID)); err != nil {
		return fmt.Errorf("dropping blob %s: %w", f.ID, err)
	}

	return r.index.ForgetBlob(ctx, f.Workspace, f.ID)
}
