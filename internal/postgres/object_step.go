package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
)

// runColumns are the columns of what a run may have written, as rows that embed it are read.
type runColumns struct {
	RunID, StepID *string
}

// columnsOf returns the values of run_id and step_id; nil of what no run writes.
func columnsOf(r *ident.Run) (runID, stepID *string) {
	if r == nil {
		return nil, nil
	}

	return &r.RunID, &r.StepID
}

func (c runColumns) run() *ident.Run {
	if c.RunID == nil || c.StepID == nil {
		return nil
	}

	return &ident.Run{RunID: *c.RunID, StepID: *c.StepID}
}

// Put implements object.Store.
func (d Objects) Put(
	ctx context.Context, n object.WriteRequest, e audit.Entry,
) (v object.Version, free []object.BlobID, err error) {
	free, err = d.freeing(ctx, e.By.Workspace, func(tx *Tx) error {
		at, err := tx.lockTarget(n.DatastoreID, n.Key)
		if err != nil {
			return err
		}

		v, err = tx.writeAt(at, n.LandingLast(at), "", e)
		return err
	})
	return v, free, err
}
