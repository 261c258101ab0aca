package jobs

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/object"
)

// blobsEvery is how long a blob that nothing refers to may lie about in storage once the storage answers.
const blobsEvery = time.Minute

// Blobs is the chore of dropping blobs that nothing refers to any more, and that whoever freed them could not drop.
func Blobs(r *object.Reaper) Chore {
	return Chore{
		Name:  "objects:blobs",
		Every: blobsEvery,
		Find: func(ctx context.Context, after Piece) ([]Piece, error) {
			found, err := r.Find(ctx, object.Freed{Workspace: after.Workspace, ID: object.BlobID(after.ID)})
			pieces := make([]Piece, len(found))
			for i, b := range found {
				pieces[i] = Piece{Workspace: b.Workspace, Region: b.Region, ID: b.ID.String()}
			}

			return pieces, err
		},
		Do: func(ctx context.Context, p Piece) error {
			return r.Drop(ctx, object.Freed{Workspace: p.Workspace, Region: p.Region, ID: object.BlobID(p.ID)})
		},
	}
}
