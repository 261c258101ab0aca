package postgres

import (
	"context"
	"math"
	"strconv"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
)

const secretColumns = `id, name, description, format, current_version, created_at, rotated_at, last_revealed_at, ` + createdBy

// ReserveSecret implements secret.Store.
func (d *DB) ReserveSecret(ctx context.Context, ws authz.WorkspaceID, s secret.Secret) error {
	err := d.transact(ctx, ws, func(tx *Tx) error {
		_, err := tx.exec(`
			INSERT INTO secret (workspace_id, id, name, description, state, format, created_at, rotated_at, created_by_kind, created_by_id, created_by_label)
			VALUES ($1, $2, $3, $4, 'PENDING', $5, $6, $6, $7, $8, $9)`,
			ws, s.ID, s.Name, s.Description, s.Format, s.CreatedAt, s.CreatedBy.Kind, s.CreatedBy.PrincipalID, s.CreatedBy.Label)
		return err
	})
	if violates(err, "secret_name") {
		return secret.NameTaken()
	}
	return err
}

// ActivateSecret implements secret.Store.
func (d *DB) ActivateSecret(ctx context.Context, s secret.Secret, k secret.Kept, e audit.Entry) error {
	return d.write(ctx, e, func(tx *Tx, _ *audit.Entry) error {
		changed, err := tx.exec(`UPDATE secret SET state = 'ACTIVE', current_version = 1 WHERE workspace_id = $1 AND id = $2 AND state = 'PENDING'`, tx.ws, s.ID)
		if err != nil {
			return err
		}
		if changed == 0 {
			return secret.NotFound()
		}
		if _, err := tx.addSecretVersion(s.ID, 1, k, s.CreatedBy); err != nil {
			return err
		}
		_, err = tx.exec(`UPDATE workspace_usage SET secret_count = secret_count + 1 WHERE workspace_id = $1`, tx.ws)
		return err
	})
}

func (t *Tx) addSecretVersion(id secret.ID, version int32, k secret.Kept, by authz.Who) (v secret.Version, err error) {
	v = secret.Version{Version: version, State: secret.Current, CreatedBy: by}
	_, err = t.get(&v.CreatedAt, `
		INSERT INTO secret_version (workspace_id, secret_id, version, vault_number, format, fingerprint, created_by_kind, created_by_id, created_by_label)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING created_at`,
		t.ws, id, version, int64(k.Number), k.Format, []byte(k.Fingerprint), by.Kind, by.PrincipalID, by.Label)
	return v, err
}

// AbandonSecret implements secret.Store.
func (d *DB) AbandonSecret(ctx context.Context, id secret.ID, e audit.Entry) error {
	return d.write(ctx, e, func(tx *Tx, _ *audit.Entry) error {
		_, err := tx.exec(`DELETE FROM secret WHERE workspace_id = $1 AND id = $2 AND state = 'PENDING'`, tx.ws, id)
		return err
	})
}

// Secret implements secret.Store.
func (d *DB) Secret(ctx context.Context, ws authz.WorkspaceID, id secret.ID) (s secret.Secret, found bool, err error) {
	found, err = d.get(ctx, ws, &s, `SELECT `+secretColumns+` FROM secret WHERE workspace_id = $1 AND id = $2 AND state = 'ACTIVE'`, ws, id)
	return s, found, err
}

// ListSecrets implements secret.Store.
func (d *DB) ListSecrets(ctx context.Context, ws authz.WorkspaceID, f secret.Filter, r page.Request) (page.Page[secret.Secret], error) {
	var rows []secret.Secret
	like := containing(f.NameContains)
	if err := d.list(ctx, ws, &rows, `SELECT `+secretColumns+` FROM secret
		WHERE workspace_id = $1 AND state = 'ACTIVE' AND name > $2 AND name ILIKE $3 ORDER BY name LIMIT $4`, ws, after(r), like, r.Limit()); err != nil {
		return page.Page[secret.Secret]{}, err
	}
	total, err := d.count(ctx, ws, r, `SELECT count(*) FROM secret WHERE workspace_id = $1 AND state = 'ACTIVE' AND name ILIKE $2`, ws, like)
	return page.Cut(r, rows, total), err
}

// ListVersions implements secret.Store.
func (d *DB) ListVersions(ctx context.Context, ws authz.WorkspaceID, id secret.ID, r page.Request) (page.Page[secret.Version], error) {
	before := int64(math.MaxInt32)
	if r.After != nil {
		before, _ = strconv.ParseInt(r.After[0], 10, 32) // what is no number stands before everything, or after it
	}
	var rows []secret.Version
	if err := d.list(ctx, ws, &rows, `SELECT v.version, CASE WHEN v.version = s.current_version THEN 'CURRENT' ELSE 'RETAINED' END AS state,
			v.created_at, v.created_by_kind AS "created_by.kind", v.created_by_id AS "created_by.principal_id", v.created_by_label AS "created_by.label"
		FROM secret_version v JOIN secret s ON s.workspace_id = v.workspace_id AND s.id = v.secret_id
		WHERE v.workspace_id = $1 AND v.secret_id = $2 AND v.version < $3 ORDER BY v.version DESC LIMIT $4`, ws, id, before, r.Limit()); err != nil {
		return page.Page[secret.Version]{}, err
	}
	total, err := d.count(ctx, ws, r, `SELECT count(*) FROM secret_version WHERE workspace_id = $1 AND secret_id = $2`, ws, id)
	return page.Cut(r, rows, total), err
}

// RevealSecret implements secret.Store.
func (d *DB) RevealSecret(ctx context.Context, id secret.ID, version *int32, e audit.Entry) (shown secret.Shown, err error) {
	err = d.write(ctx, e, func(tx *Tx, e *audit.Entry) error {
		found, err := tx.get(&shown.Secret, `UPDATE secret SET last_revealed_at = now()
			WHERE workspace_id = $1 AND id = $2 AND state = 'ACTIVE' RETURNING `+secretColumns, tx.ws, id)
		if err != nil {
			return err
		}
		if !found {
			return secret.NotFound()
		}
		shown.Version = shown.Secret.CurrentVersion
		if version != nil {
			shown.Version = *version
		}
		*e = e.On("secret", id.String(), shown.Secret.Name).With("version", shown.Version)
		return tx.locate(&shown, e.Reason != "")
	})
	return shown, err
}

// locate finds where a version's value is kept, and refuses a reveal without a reason where the workspace requires one.
//
// It is a statement of its own, after the row was locked: one that waited for the lock would not see the version that a rotation has added.
func (t *Tx) locate(shown *secret.Shown, reasoned bool) error {
	var at struct {
		RequireRevealReason bool
		VaultNumber         *int64
		Format              *secret.Format
	}
	_, err := t.get(&at, `SELECT w.require_reveal_reason, v.vault_number, v.format FROM workspace w
		LEFT JOIN secret_version v ON v.workspace_id = w.id AND v.secret_id = $2 AND v.version = $3 WHERE w.id = $1`,
		t.ws, shown.Secret.ID, shown.Version)
	switch {
	case err != nil:
		return err
	case at.RequireRevealReason && !reasoned:
		return secret.NeedsReason()
	case at.VaultNumber == nil:
		return secret.NoVersion()
	}
	shown.Number, shown.Format = secret.Number(*at.VaultNumber), *at.Format
	return nil
}

// DeleteSecret implements secret.Store.
func (d *DB) DeleteSecret(ctx context.Context, id secret.ID, e audit.Entry) (s secret.Secret, err error) {
	err = d.write(ctx, e, func(tx *Tx, e *audit.Entry) error {
		if err := tx.lockSecret(&s, id); err != nil {
			return err
		}
		*e = e.On("secret", id.String(), s.Name)
		if _, err := tx.exec(`UPDATE secret SET state = 'DELETED', deleted_at = now() WHERE workspace_id = $1 AND id = $2`, tx.ws, id); err != nil {
			return err
		}
		_, err := tx.exec(`UPDATE workspace_usage SET secret_count = secret_count - 1 WHERE workspace_id = $1`, tx.ws)
		return err
	})
	return s, err
}
