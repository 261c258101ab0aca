package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
)

// runColumns are the columns of what a run may have written. It is embedded in their rows.
type runColumns struct {
	RunID, StepID *string
}

func columnsOf(r *ident.Run) runColumns {
	if r == nil {
		return runColumns{}
	}

	return runColumns{RunID: &r.RunID, StepID: &r.StepID}
}

func (c runColumns) run() *ident.Run {
	if c.RunID == nil || c.StepID == nil {
		return nil
	}

	return &ident.Run{RunID: *c.RunID, StepID: *c.StepID}
}

// PutObject implements object.Store.
func (d *DB) PutObject(
	ctx context.Context, n object.WriteRequest, e audit.Entry,
) (v object.Version, free []object.BlobID, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		at, err := tx.lockTarget(n.DatastoreID, n.Key)
		if err != nil {
			return err
		}

		if v, free, err = tx.writeAt(at, n.LandingLast(at)); err != nil {
			return err
		}

		return tx.record(written(e, n.Key, v))
	})
	return v, free, err
}
