package jobs

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/deletion"
)

// deletionsEvery is how soon a deletion is begun, and gone on with.
const deletionsEvery = time.Second

// Deletions is the chore of going on with deletions. They take long and are many: they have a queue of their own.
func Deletions(w *deletion.Worker) Chore {
	return Chore{
		Name:  "deletions",
		Every: deletionsEvery,
		Queue: deletions,
		Find: func(ctx context.Context, after Piece) ([]Piece, error) {
			found, err := w.Find(ctx, deletion.Due{Workspace: after.Workspace, ID: deletion.ID(after.ID)})
			pieces := make([]Piece, len(found))
			for i, d := range found {
				pieces[i] = Piece{Workspace: d.Workspace, Region: d.Region, ID: d.ID.String(), Version: d.Attempt}
			}

			return pieces, err
		},
		Do: func(ctx context.Context, p Piece) error {
			return w.Do(ctx, deletion.Due{
				Workspace: p.Workspace,
				Region:    p.Region,
				ID:        deletion.ID(p.ID),
				Attempt:   p.Version,
			})
		},
	}
}
