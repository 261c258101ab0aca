package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/workspace"
)

// Reserve implements secret.Store.
func (d Secrets) Reserve(ctx context.Context, ws authz.WorkspaceID, s secret.Secret) error {
	row := columns{
		{"workspace_id", ws},
		{"id", s.ID},
		{"name", s.Name},
		{"description", s.Description},
		{"state", "PENDING"},
		{"format", s.Format},
		{"fields", texts(s.Fields)},
		{"created_at", s.CreatedAt},
		{"rotated_at", s.CreatedAt},
	}.createdBy(s.CreatedBy)
	if s.Rotation != nil {
		plan := schedule(s.Rotation)
		row = append(row, columns{
			{"rotate_every_seconds", plan.everySeconds},
			{"rotate_length", plan.length},
			{"rotate_alphabet", plan.alphabet},
			{"rotate_at", plan.at},
		}...)
	}

	statement, arguments := row.insert("secret")
	err := d.transact(ctx, ws, func(tx *Tx) error {
		tx.bookkeeping("which names are held while the vault is written")
		if _, err := tx.exec(letGo+` AND name = $2 AND id <> $3 AND (swept_at IS NOT NULL OR created_at < $4)`,
			ws, s.Name, s.ID, s.CreatedAt.Add(-secret.AliveFor)); err != nil {
			return err
		}

		held, err := tx.exec(statement+`
			ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, created_at = excluded.created_at,
			rotated_at = excluded.rotated_at, rotate_at = excluded.rotate_at
			WHERE secret.state = 'PENDING' AND secret.swept_at IS NULL`, arguments...)
		if err == nil && held == 0 {
			err = secret.IsBeingSwept()
		}

		if err != nil {
			return err
		}

		return tx.atMost(d.Limits.Secrets, workspace.Secrets)
	})
	return secretNameTaken(err)
}

// letGo gives up reservations. A row stays for the sweep, under a name that no secret has: one with a space.
const letGo = `UPDATE secret SET swept_at = coalesce(swept_at, now()), name = left(name, 80) || ' ' || id
	WHERE workspace_id = $1 AND state = 'PENDING' AND strpos(name, ' ') = 0`

// LetGo implements secret.Store.
func (d Secrets) LetGo(ctx context.Context, ws authz.WorkspaceID, id secret.ID) error {
	return d.transact(ctx, ws, func(tx *Tx) error {
		tx.bookkeeping("which names are held no longer")
		_, err := tx.exec(letGo+` AND id = $2`, ws, id)
		return err
	})
}

func secretNameTaken(err error) error {
	if violates(err, "secret_name") {
		return secret.NameTaken()
	}

	return err
}

// Activate implements secret.Store.
func (d Secrets) Activate(
	ctx context.Context, s secret.Secret, k secret.StoredValue, labels []label.Label, e audit.Entry,
) error {
	return d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		changed, err := tx.exec(`UPDATE secret SET state = 'ACTIVE', current_version = 1
			WHERE workspace_id = $1 AND id = $2 AND state = 'PENDING' AND swept_at IS NULL`, tx.ws, s.ID)
		if err != nil {
			return err
		}

		if changed == 0 {
			return secret.GivenUp()
		}

		statement, arguments := columns{
			{"workspace_id", tx.ws},
			{"secret_id", s.ID},
			{"version", 1},
			{"fingerprint", []byte(k.Fingerprint)},
			{"vault_number", int64(k.Number)},
			{"format", k.Format},
			{"fields", texts(k.Fields)},
		}.createdBy(s.CreatedBy).insert("secret_version")
		if _, err := tx.exec(statement, arguments...); err != nil {
			return err
		}

		if err := tx.addLabels(secretLabels, s.ID.String(), labels); err != nil {
			return err
		}

		if s.Rotation != nil && s.Rotation.Cron != nil {
			if err := tx.setCron(s.ID, s.Rotation); err != nil {
				return err
			}
		}

		if err := tx.countSecrets(1); err != nil {
			return err
		}

		return tx.record(e)
	})
}

func (t *Tx) countSecrets(more int) error {
	_, err := t.exec(`UPDATE workspace_usage SET secret_count = secret_count + $2 WHERE workspace_id = $1`, t.ws, more)
	return err
}

// Abandon implements secret.Store.
func (d Secrets) Abandon(ctx context.Context, id secret.ID, e audit.Entry) error {
	return d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		ended, err := tx.exec(`DELETE FROM secret WHERE workspace_id = $1 AND id = $2 AND state = 'PENDING'`, tx.ws, id)
		if err != nil || ended == 0 {
			tx.bookkeeping("no reservation was left to end")
			return err
		}

		return tx.record(e)
	})
}
