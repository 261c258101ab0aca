package postgres

import (
	"cmp"
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/secret"
)

// maxUsers bounds how many consumers of a secret a refused deletion names.
const maxUsers = 10

// Delete implements secret.Store.
func (d Secrets) Delete(
	ctx context.Context, id secret.ID, force bool, recoverable time.Duration, e audit.Entry,
) (s secret.Secret, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		before, err := tx.lockSecret(id)
		if err != nil {
			return err
		}

		users, err := tx.usersOf(id)
		if err := cmp.Or(err, users.Refuse(force)); err != nil {
			return err
		}

		var row secretRow
		if _, err := tx.get(&row, `UPDATE secret SET state = 'DELETED', deleted_at = now(),
			purge_at = now() + make_interval(secs => $3)
			WHERE workspace_id = $1 AND id = $2 RETURNING `+secretColumns, tx.ws, id,
			recoverable.Seconds()); err != nil {
			return err
		}

		s = row.secret()
		if err := tx.countSecrets(-1); err != nil {
			return err
		}

		return tx.record(e.FillTarget(id.String(), before.Name).Fill("references", users.Count))
	})
	return s, err
}

func (t *Tx) usersOf(id secret.ID) (users secret.Users, err error) {
	var rows []struct {
		Kind, ExternalID, Name string
		N                      int
	}
	err = t.list(&rows, `SELECT kind, external_id, name, count(*) OVER () AS n FROM secret_reference
		WHERE workspace_id = $1 AND (secret_id, kind, external_id) > ($2, '', '') AND secret_id <= $2
		ORDER BY secret_id, kind, external_id LIMIT $3`, t.ws, id, maxUsers)
	for _, row := range rows {
		users.Count = row.N
		user := map[string]string{"kind": row.Kind, "externalId": row.ExternalID, "name": row.Name}
		users.First = append(users.First, user)
	}

	return users, err
}

// Restore implements secret.Store.
func (d Secrets) Restore(
	ctx context.Context, id secret.ID, name *string, e audit.Entry,
) (s secret.Secret, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		if err := tx.lockDeleted(id); err != nil {
			return err
		}

		var row secretRow
		if _, err := tx.get(&row, `UPDATE secret SET state = 'ACTIVE', deleted_at = NULL, purge_at = NULL,
			name = coalesce($3, name)
			WHERE workspace_id = $1 AND id = $2 RETURNING `+secretColumns, tx.ws, id, name); err != nil {
			return err
		}

		s = row.secret()
		if err := tx.countSecrets(1); err != nil {
			return err
		}

		return tx.record(e.FillTarget(id.String(), s.Name))
	})
	return s, secretNameTaken(err)
}

// lockDeleted keeps others from changing a secret that can be restored. Errors: fault.NotFound; fault.Conflict if it
// is not deleted.
func (t *Tx) lockDeleted(id secret.ID) error {
	var state string
	found, err := t.get(&state, `SELECT state FROM secret WHERE workspace_id = $1 AND id = $2 AND purged_at IS NULL
		AND `+visible+` FOR UPDATE`, t.ws, id)
	switch {
	case err != nil:
		return err
	case !found:
		return secret.NotFound()
	case state != "DELETED":
		return secret.NotDeleted()
	}

	return nil
}
