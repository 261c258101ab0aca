package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/secret"
)

// FlushCounters has what this session has read counted where others see it.
func (d *DB) FlushCounters(ctx context.Context) error {
	var none string
	_, err := d.get(ctx, anyone, &none, `SELECT pg_stat_force_next_flush()::text`)
	return err
}

// NextObjects is how many objects the next step of a deletion looks at, most or fewer.
func (d *DB) NextObjects(ctx context.Context, of deletion.Turn, most int) (n int, err error) {
	err = d.transact(ctx, of.Workspace, func(tx *Tx) error {
		due, _, err := tx.nextObjects(of, most)
		n = len(due)
		return err
	})
	return n, err
}

// EndLeasesOf does to a version what a rotation that ends leases does.
func (d *DB) EndLeasesOf(ctx context.Context, ws authz.WorkspaceID, id secret.ID, version int32) (n int, err error) {
	err = d.transact(ctx, ws, func(tx *Tx) error {
		n, err = tx.endLeasesOf(id, version)
		return err
	})
	return n, err
}
