package jobs

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/secret"
)

// intervals are how often it is asked what is due. A rotation is at most so late, and a value lives at most so much
// longer.
var intervals = map[secret.Task]time.Duration{
	secret.Turn:    10 * time.Second,
	secret.Destroy: time.Minute,
	secret.Purge:   time.Minute,
	secret.Sweep:   time.Minute,
}

// Secrets are the chores of secrets.
func Secrets(u *secret.Upkeep) []Chore {
	var all []Chore
	for task, every := range intervals {
		all = append(all, Chore{
			Name:  "secrets:" + string(task),
			Every: every,
			Find:  finding(u, task),
			Do: func(ctx context.Context, p Piece) error {
				return u.Do(ctx, task, secret.Due{
					Workspace: p.Workspace,
					Region:    p.Region,
					ID:        secret.ID(p.ID),
					Version:   p.Version,
				})
			},
		})
	}

	return all
}

func finding(u *secret.Upkeep, task secret.Task) func(context.Context, Piece) ([]Piece, error) {
	return func(ctx context.Context, after Piece) ([]Piece, error) {
		found, err := u.Find(ctx, task, secret.Due{
			Workspace: after.Workspace,
			ID:        secret.ID(after.ID),
			Version:   after.Version,
		})
		pieces := make([]Piece, len(found))
		for i, d := range found {
			pieces[i] = Piece{Workspace: d.Workspace, Region: d.Region, ID: d.ID.String(), Version: d.Version}
		}

		return pieces, err
	}
}
