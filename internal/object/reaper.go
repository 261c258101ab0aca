package object

import (
	"context"
	"log/slog"

	"github.com/provenanceone/data-api/internal/authz"
)

// BlobBook keeps which blobs there are.
type BlobBook interface {
	// ForgetBlob says that storage has dropped a blob that nothing refers to. Bookkeeping.
	ForgetBlob(ctx context.Context, ws authz.WorkspaceID, id BlobID) error
}

// Reaper drops blobs that nothing refers to any more.
type Reaper struct {
	book  BlobBook
	blobs Blobs
	log   *slog.Logger
}

// NewReaper returns a reaper of a storage and its books.
func NewReaper(book BlobBook, blobs Blobs, log *slog.Logger) *Reaper {
	return &Reaper{book: book, blobs: blobs, log: log}
}

// Free drops blobs. One that cannot be dropped now stays on the books until it can.
func (r *Reaper) Free(ctx context.Context, a authz.Actor, ids []BlobID) {
	ctx = context.WithoutCancel(ctx)
	for _, id := range ids {
		err := r.blobs.Drop(ctx, BlobPlace(a.Region, id))
		if err == nil {
			err = r.book.ForgetBlob(ctx, a.Workspace, id)
		}
		if err != nil {
			r.log.WarnContext(ctx, "a blob was not dropped yet", "blob", id, "error", err)
		}
	}
}
