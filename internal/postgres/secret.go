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

const historyColumns = `v.version, CASE WHEN v.version = s.current_version THEN 'CURRENT' ELSE 'RETAINED' END AS state,
	v.created_at, v.created_by_kind AS "created_by.kind", v.created_by_id AS "created_by.principal_id", v.created_by_label AS "created_by.label"`

// ReserveSecret implements secret.Store.
func (d *DB) ReserveSecret(ctx context.Context, ws authz.WorkspaceID, s secret.Secret) error {
	err := d.transact(ctx, ws, func(tx *Tx) error {
		held, err := tx.exec(`
			INSERT INTO secret (workspace_id, id, name, description, state, format, created_at, rotated_at, created_by_kind, created_by_id, created_by_label)
			VALUES ($1, $2, $3, $4, 'PENDING', $5, $6, $6, $7, $8, $9)
			ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, created_at = excluded.created_at, rotated_at = excluded.rotated_at
			WHERE secret.state = 'PENDING' AND secret.swept_at IS NULL`,
			ws, s.ID, s.Name, s.Description, s.Format, s.CreatedAt, s.CreatedBy.Kind, s.CreatedBy.PrincipalID, s.CreatedBy.Label)
		if err == nil && held == 0 {
			err = secret.IsBeingSwept()
		}
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
		changed, err := tx.exec(`UPDATE secret SET state = 'ACTIVE', current_version = 1
			WHERE workspace_id = $1 AND id = $2 AND state = 'PENDING' AND swept_at IS NULL`, tx.ws, s.ID)
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

// Secrets implements secret.Store.
func (d *DB) Secrets(ctx context.Context, ws authz.WorkspaceID, ids []secret.ID) (all []secret.Secret, err error) {
	err = d.list(ctx, ws, &all, `SELECT `+secretColumns+` FROM secret WHERE workspace_id = $1 AND state = 'ACTIVE' AND id = ANY($2::uuid[])`, ws, known(ids))
	return all, err
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

// SecretVersion implements secret.Store.
func (d *DB) SecretVersion(ctx context.Context, ws authz.WorkspaceID, id secret.ID, number int32) (v secret.Version, found bool, err error) {
	found, err = d.get(ctx, ws, &v, `SELECT `+historyColumns+`
		FROM secret_version v JOIN secret s ON s.workspace_id = v.workspace_id AND s.id = v.secret_id
		WHERE v.workspace_id = $1 AND v.secret_id = $2 AND v.version = $3`, ws, id, number)
	return v, found, err
}

type secretVersionRow struct {
	ordinal
	secret.Version
}

func (r secretVersionRow) version() (secret.Version, error) { return r.Version, nil }

// ListVersions implements secret.Store.
func (d *DB) ListVersions(ctx context.Context, ws authz.WorkspaceID, of []secret.ID, r page.Request) ([]page.Page[secret.Version], error) {
	before := int64(math.MaxInt32)
	if r.After != nil {
		before, _ = strconv.ParseInt(r.After[0], 10, 32) // what is no number stands before everything, or after it
	}
	var rows []secretVersionRow
	if err := d.list(ctx, ws, &rows, each(`SELECT `+historyColumns+`
		FROM secret_version v JOIN secret s ON s.workspace_id = v.workspace_id AND s.id = v.secret_id
		WHERE v.workspace_id = $1 AND v.secret_id = parent.id AND v.version < $3 ORDER BY v.version DESC LIMIT $4`, `q.version DESC`),
		ws, inOrder(of), before, r.Limit()); err != nil {
		return nil, err
	}
	all, err := pages(r, len(of), rows, secretVersionRow.version)
	if err != nil {
		return nil, err
	}
	return all, countEach(ctx, d, ws, r, all, `SELECT count(*) AS n FROM secret_version WHERE workspace_id = $1 AND secret_id = parent.id`, inOrder(of))
}

// RevealSecret implements secret.Store.
func (d *DB) RevealSecret(ctx context.Context, id secret.ID, version *int32, e audit.Entry) (shown secret.Shown, err error) {
	err = d.write(ctx, e, func(tx *Tx, e *audit.Entry) error {
		if err := tx.checkReason(e.Reason); err != nil {
			return err
		}
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
		return tx.locate(&shown)
	})
	return shown, err
}

// locate finds where a version's value is kept.
func (t *Tx) locate(shown *secret.Shown) error {
	var at struct {
		VaultNumber int64
		Format      secret.Format
	}
	found, err := t.get(&at, `SELECT vault_number, format FROM secret_version WHERE workspace_id = $1 AND secret_id = $2 AND version = $3`,
		t.ws, shown.Secret.ID, shown.Version)
	if err == nil && !found {
		return secret.NoVersion()
	}
	shown.Number, shown.Format = secret.Number(at.VaultNumber), at.Format
	return err
}

// checkReason refuses a reveal without a reason where the workspace requires one.
func (t *Tx) checkReason(reason string) error {
	var required bool
	if _, err := t.get(&required, `SELECT require_reveal_reason FROM workspace WHERE id = $1`, t.ws); err != nil {
		return err
	}
	if required && reason == "" {
		return secret.NeedsReason()
	}
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
