package postgres

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/secret"
)

// OverdueAt implements secret.UpkeepStore.
func (d Secrets) OverdueAt(
	ctx context.Context, of secret.WorkItem, at time.Time,
) (o secret.Overdue, overdue bool, err error) {
	var row struct {
		CurrentVersion int32
		RotateAt       time.Time
		RotateLength   *int32
		RotateAlphabet *secret.Alphabet
	}
	overdue, err = d.get(ctx, of.Workspace, &row, `SELECT current_version, rotate_at, rotate_length, rotate_alphabet
		FROM secret
		WHERE workspace_id = $1 AND id = $2 AND state = 'ACTIVE' AND rotate_at <= $3`, of.Workspace, of.ID, at)
	o = secret.Overdue{CurrentVersion: row.CurrentVersion, RotateAt: row.RotateAt}
	if row.RotateLength != nil {
		o.Generator = &secret.Generator{Length: *row.RotateLength, Alphabet: *row.RotateAlphabet}
	}

	return o, overdue, err
}

// NoteRotationDue implements secret.UpkeepStore.
func (d Secrets) NoteRotationDue(
	ctx context.Context, of secret.WorkItem, o secret.Overdue, at time.Time, e audit.Entry,
) error {
	return d.transact(ctx, of.Workspace, func(tx *Tx) error {
		var name string
		noted, err := tx.get(&name, `UPDATE secret SET rotate_noted_at = $4
			WHERE workspace_id = $1 AND id = $2 AND state = 'ACTIVE' AND rotate_at = $3 AND rotate_length IS NULL
			AND rotate_noted_at IS NULL
			RETURNING name`, tx.ws, of.ID, o.RotateAt, at)
		if err != nil || !noted {
			tx.bookkeeping("that it is due was on record before, or is no longer so")
			return err
		}

		return tx.record(e.FillTarget(of.ID.String(), name))
	})
}

// RotationFailed implements secret.UpkeepStore.
func (d Secrets) RotationFailed(ctx context.Context, of secret.WorkItem, o secret.Overdue, why string) error {
	return d.transact(ctx, of.Workspace, func(tx *Tx) error {
		tx.bookkeeping("why a rotation by schedule failed")
		_, err := tx.exec(`UPDATE secret SET rotate_error = $4 WHERE workspace_id = $1 AND id = $2 AND rotate_at = $3`,
			tx.ws, of.ID, o.RotateAt, why)
		return err
	})
}
