package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/secret"
)

// finders are the functions that say what a task is about, whatever the workspace.
var finders = map[secret.Task]string{
	secret.Sweep:     "secrets_to_sweep",
	secret.Destroy:   "versions_to_destroy",
	secret.Purge:     "secrets_to_purge",
	secret.RotateDue: "secrets_to_rotate",
}

// DueFor implements secret.UpkeepStore.
func (d Secrets) DueFor(
	ctx context.Context, t secret.Task, at time.Time, after secret.WorkItem, most int,
) (found []secret.WorkItem, err error) {
	finder, known := finders[t]
	if !known {
		return nil, fmt.Errorf("postgres: nothing finds what to %s", t)
	}

	err = d.list(ctx, nowhere, &found, `SELECT * FROM `+finder+`($1, $2, $3, $4, $5)`, at, after.Workspace, after.ID,
		after.Version, most)
	return found, err
}

// Reservation implements secret.UpkeepStore.
func (d Secrets) Reservation(ctx context.Context, of secret.WorkItem) (r secret.Reservation, found bool, err error) {
	found, err = d.get(ctx, of.Workspace, &r, `SELECT name, created_at, swept_at FROM secret
		WHERE workspace_id = $1 AND id = $2 AND state = 'PENDING'`, of.Workspace, of.ID)
	return r, found, err
}

// GiveUp implements secret.UpkeepStore.
func (d Secrets) GiveUp(
	ctx context.Context, of secret.WorkItem, r secret.Reservation, at time.Time,
) (given bool, err error) {
	err = d.transact(ctx, of.Workspace, func(tx *Tx) error {
		tx.bookkeeping("which reservations cannot become secrets")
		changed, err := tx.exec(`UPDATE secret SET swept_at = coalesce(swept_at, $4)
			WHERE workspace_id = $1 AND id = $2 AND state = 'PENDING' AND created_at = $3`, tx.ws, of.ID,
			r.CreatedAt, at)
		given = changed == 1
		return err
	})
	return given, err
}

// DropReservation implements secret.UpkeepStore.
func (d Secrets) DropReservation(ctx context.Context, of secret.WorkItem, r secret.Reservation, e audit.Entry) error {
	return d.transact(ctx, of.Workspace, func(tx *Tx) error {
		dropped, err := tx.exec(`DELETE FROM secret
			WHERE workspace_id = $1 AND id = $2 AND state = 'PENDING' AND swept_at IS NOT NULL AND created_at = $3`,
			tx.ws, of.ID, r.CreatedAt)
		if err != nil || dropped == 0 {
			tx.bookkeeping("no reservation was left to drop")
			return err
		}

		return tx.record(e)
	})
}

// ExpireVersion implements secret.UpkeepStore.
func (d Secrets) ExpireVersion(
	ctx context.Context, of secret.WorkItem, at time.Time, e audit.Entry,
) (n secret.Number, left bool, err error) {
	err = d.transact(ctx, of.Workspace, func(tx *Tx) error {
		name, found, err := tx.lockEnding(of.ID)
		if err != nil || !found {
			tx.bookkeeping("the secret is gone, or being purged")
			return err
		}

		ended, err := tx.exec(`UPDATE secret_version v SET destroyed_at = $4 FROM secret s
			WHERE v.workspace_id = $1 AND v.secret_id = $2 AND v.version = $3 AND v.destroyed_at IS NULL
			AND v.destroy_at <= $4
				AND s.workspace_id = v.workspace_id AND s.id = v.secret_id AND s.current_version <> v.version
				AND NOT version_is_pinned(v.workspace_id, v.secret_id, v.version)`, tx.ws, of.ID, of.Version, at)
		if err != nil {
			return err
		}

		left, err = tx.get(&n, `SELECT vault_number FROM secret_version
			WHERE workspace_id = $1 AND secret_id = $2 AND version = $3 AND destroyed_at IS NOT NULL
			AND erased_at IS NULL`, tx.ws, of.ID, of.Version)
		if err != nil || ended == 0 {
			tx.bookkeeping("the version was destroyed before, or its time is not over")
			return err
		}

		return tx.record(e.FillTarget(of.ID.String(), name))
	})
	return n, left, err
}

// lockEnding is lockSecret for one that may be deleted too, but is not being purged.
func (t *Tx) lockEnding(id secret.ID) (name string, found bool, err error) {
	found, err = t.get(&name, `SELECT name FROM secret WHERE workspace_id = $1 AND id = $2 AND state <> 'PENDING'
		AND purged_at IS NULL FOR UPDATE`, t.ws, id)
	return name, found, err
}

// MarkPurged implements secret.UpkeepStore. The time of the purge passes with it, so that whoever looks at that alone
// sees the secret gone.
func (d Secrets) MarkPurged(
	ctx context.Context, of secret.WorkItem, at time.Time, e audit.Entry,
) (marked bool, err error) {
	err = d.transact(ctx, of.Workspace, func(tx *Tx) error {
		var name string
		first, err := tx.get(&name, `UPDATE secret SET purged_at = $3, purge_at = least(purge_at, now())
			WHERE workspace_id = $1 AND id = $2 AND state = 'DELETED' AND purge_at <= $3 AND purged_at IS NULL
			RETURNING name`, tx.ws, of.ID, at)
		if err != nil {
			return err
		}

		if first {
			marked = true
			return tx.record(e.FillTarget(of.ID.String(), name))
		}

		tx.bookkeeping("the secret was marked before, or its time is not over")
		marked, err = tx.get(&name, `SELECT name FROM secret WHERE workspace_id = $1 AND id = $2
			AND purged_at IS NOT NULL`, tx.ws, of.ID)
		return err
	})
	return marked, err
}

// DropPurged implements secret.UpkeepStore.
func (d Secrets) DropPurged(ctx context.Context, of secret.WorkItem) error {
	return d.transact(ctx, of.Workspace, func(tx *Tx) error {
		tx.bookkeeping("the rows of a purge that is on record")
		if _, err := tx.exec(`DELETE FROM secret_version v USING secret s WHERE v.workspace_id = $1 AND v.secret_id = $2
			AND s.workspace_id = v.workspace_id AND s.id = v.secret_id AND s.purged_at IS NOT NULL`, tx.ws,
			of.ID); err != nil {
			return err
		}

		purged, err := tx.exec(`DELETE FROM secret WHERE workspace_id = $1 AND id = $2 AND purged_at IS NOT NULL`,
			tx.ws, of.ID)
		if err != nil || purged == 0 {
			return err
		}

		if err := tx.setCron(of.ID, nil); err != nil {
			return err
		}

		return tx.dropLabels(secretLabels, of.ID.String())
	})
}
