package jobs

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/upload"
)

// What has landed and nobody asks for is an object at most stagedEvery later; what nothing can land for any more is
// ended at most overdueEvery later.
const (
	stagedEvery  = 20 * time.Second
	overdueEvery = time.Minute
)

// Uploads are the chores of uploads.
func Uploads(u *upload.Upkeep) []Chore {
	do := func(ctx context.Context, p Piece) error {
		return u.Do(ctx, upload.Due{Workspace: p.Workspace, Region: p.Region, ID: upload.ID(p.ID)})
	}
	return []Chore{
		{Name: "uploads:staged", Every: stagedEvery, Find: findingUploads(u.FindStaged), Do: do},
		{Name: "uploads:overdue", Every: overdueEvery, Find: findingUploads(u.FindOverdue), Do: do},
	}
}

func findingUploads(
	find func(context.Context, upload.Due) ([]upload.Due, error),
) func(context.Context, Piece) ([]Piece, error) {
	return func(ctx context.Context, after Piece) ([]Piece, error) {
		found, err := find(ctx, upload.Due{Workspace: after.Workspace, Region: after.Region, ID: upload.ID(after.ID)})
		pieces := make([]Piece, len(found))
		for i, d := range found {
			pieces[i] = Piece{Workspace: d.Workspace, Region: d.Region, ID: d.ID.String()}
		}

		return pieces, err
	}
}
