package postgres

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
)

const historyColumns = `v.version, CASE WHEN v.destroyed_at IS NOT NULL THEN 'DESTROYED'
	WHEN v.version = s.current_version THEN 'CURRENT' ELSE 'RETAINED' END AS state,
	v.created_at, v.destroy_at, v.created_by_kind AS "created_by.kind", v.created_by_id AS "created_by.principal_id",
	v.created_by_label AS "created_by.label"`

// advancedRow is a secret with when its new version was made.
type advancedRow struct {
	secretRow
	MadeAt time.Time
}

// What the statement expects is what secret.AdvanceRequest.Refuse and secret.Secret.RefuseVersion say. It locks the
// secret, then the versions that decide: the one that has the value already, if one does, and the one that is replaced.
// That one is updated where it was found: nobody changes the row of a current version but under the secret's lock, and
// then another one is current.
var advanceQuery = `WITH locked AS (
		SELECT current_version FROM secret WHERE workspace_id = $1 AND id >= $2 AND id <= $2 AND state = 'ACTIVE'
			AND current_version = coalesce($3, current_version)
			AND ($4::timestamptz IS NULL OR rotate_at = $4)
			AND ($5::integer IS NULL OR current_version <> $5)
			AND ` + cronSpec + ` IS NOT DISTINCT FROM $16
		ORDER BY id LIMIT 1 FOR UPDATE
	), source AS (
		SELECT FROM secret_version WHERE workspace_id = $1 AND secret_id = $2 AND version >= $5 AND version <= $5
			AND version <> (SELECT current_version FROM locked) AND destroyed_at IS NULL
		ORDER BY version LIMIT 1 FOR SHARE
	), replaced AS (
		SELECT ctid, version, version + 1 AS next, fingerprint = ANY($18::bytea[]) AS same,
			CASE WHEN $15 THEN open_leases($1, $2, version) END AS ended
		FROM secret_version
		WHERE workspace_id = $1 AND secret_id = $2 AND version >= (SELECT current_version FROM locked)
			AND version <= (SELECT current_version FROM locked)
			AND ($5 IS NULL OR EXISTS (SELECT FROM source))
			AND ($6 = 0 OR coalesce((SELECT destroyed_at IS NOT NULL FROM secret_version
				WHERE workspace_id = $1 AND secret_id = $2
				AND version >= (SELECT current_version + 1 - $6 FROM locked)
				AND version <= (SELECT current_version + 1 - $6 FROM locked) ORDER BY version LIMIT 1), true))
		ORDER BY version LIMIT 1 FOR UPDATE
	), changed AS (
		UPDATE secret s SET current_version = r.next, format = $7, fields = $8, rotated_at = now(),
			rotate_at = coalesce($17, now() + make_interval(secs => rotate_every_seconds)), rotate_error = NULL,
			rotate_noted_at = NULL
		FROM replaced r WHERE s.workspace_id = $1 AND s.id = $2 RETURNING s.*
	), made AS (
		INSERT INTO secret_version (workspace_id, secret_id, version, format, fields, fingerprint, vault_number,
			created_by_kind, created_by_id, created_by_label)
		SELECT $1, $2, r.next, $7, $8, $9, $10, $11, $12, $13 FROM replaced r RETURNING created_at AS made_at
	), retired AS (
		UPDATE secret_version SET destroy_at = now() + make_interval(secs => $14),
			leases_ended_at = CASE WHEN $15 THEN now() ELSE leases_ended_at END
		WHERE ctid = (SELECT ctid FROM replaced)
	), ` + recording(18, `''`, `jsonb_build_object('version', r.next)
		|| CASE WHEN r.same THEN jsonb_build_object('sameValue', true) ELSE '{}' END
		|| CASE WHEN $15 THEN jsonb_build_object('leasesEnded', r.ended) ELSE '{}' END`,
	`replaced r`) + `
	SELECT ` + secretColumns + `, made_at FROM changed, made`

// Advance implements secret.Store.
func (d Secrets) Advance(
	ctx context.Context, n secret.AdvanceRequest, e audit.Entry,
) (secret.Secret, secret.Version, error) {
	ws, by := e.By.Workspace, e.By.Who
	e = e.Fill("version", nil) // the statement says the number
	if n.EndLeases {
		e = e.Fill("leasesEnded", nil) // and how many
	}

	var row advancedRow
	err := decide(func() (bool, error) {
		return d.write(ctx, e, &row, advanceQuery, ws, n.SecretID, n.IfVersion, n.Due, n.From, d.Limits.SecretVersions,
			n.Format, texts(n.Fields), []byte(n.Fingerprint), int64(n.Number), by.Kind, by.PrincipalID, by.Label,
			n.Retain.Seconds(), n.EndLeases, specOf(n.Cron), n.NextAt, alike(n.StoredValue))
	}, func() error { return d.refuseAdvance(ctx, ws, n) })
	s := row.secret()
	return s, secret.Version{
		Version:   s.CurrentVersion,
		State:     secret.Current,
		CreatedAt: row.MadeAt,
		CreatedBy: by,
	}, err
}

// alike are the fingerprints that the value may have been stored with before.
func alike(v secret.StoredValue) (all pq.ByteaArray) {
	all = append(all, v.Fingerprint)
	for _, other := range v.Others {
		all = append(all, other)
	}

	return all
}

// refuseAdvance returns why a value does not become the current one now. Errors: fault.NotFound; those of
// secret.AdvanceRequest.Refuse and secret.Secret.RefuseVersion; fault.Conflict if From is destroyed.
func (d Secrets) refuseAdvance(ctx context.Context, ws authz.WorkspaceID, n secret.AdvanceRequest) error {
	s, err := d.active(ctx, ws, n.SecretID)
	if err := cmp.Or(err, n.Refuse(s)); err != nil {
		return err
	}

	if n.From != nil {
		if _, err := d.KeptVersion(ctx, ws, n.SecretID, *n.From); err != nil {
			return err
		}
	}

	decides := s.Outlived(d.Limits.SecretVersions)
	if decides == 0 {
		return nil
	}

	at, err := d.placeOf(ctx, ws, n.SecretID, int32(decides)) //nolint:gosec // it is below the current version
	return cmp.Or(err, s.RefuseVersion(d.Limits.SecretVersions, at.Found && !at.Destroyed))
}

// KeptVersion implements secret.Store.
func (d Secrets) KeptVersion(
	ctx context.Context, ws authz.WorkspaceID, id secret.ID, version int32,
) (secret.StoredValue, error) {
	at, err := d.placeOf(ctx, ws, id, version)
	k := secret.StoredValue{
		Number:      secret.Number(at.VaultNumber),
		Format:      at.Format,
		Fields:      at.FieldNames,
		Fingerprint: at.Fingerprint,
	}
	return k, cmp.Or(err, at.Refuse())
}

// DestroyVersion implements secret.Store.
func (d Secrets) DestroyVersion(
	ctx context.Context, id secret.ID, version int32, e audit.Entry,
) (s secret.Secret, n secret.Number, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		if s, err = tx.lockSecret(id); err != nil {
			return err
		}

		if err := s.RefuseDestroy(version); err != nil {
			return err
		}

		found, err := tx.get(&n, `SELECT vault_number FROM secret_version WHERE workspace_id = $1 AND secret_id = $2
			AND version = $3`, tx.ws, id, version)
		if err != nil {
			return err
		}

		if !found {
			return secret.NoVersion()
		}

		ended, err := tx.exec(`UPDATE secret_version SET destroyed_at = now(), destroy_at = least(destroy_at, now())
			WHERE workspace_id = $1 AND secret_id = $2 AND version = $3 AND destroyed_at IS NULL`, tx.ws, id, version)
		if err != nil || ended == 0 {
			tx.bookkeeping("the version was destroyed before")
			return err
		}

		return tx.record(e.FillTarget(id.String(), s.Name))
	})
	return s, n, err
}

// VersionErased implements secret.Store and secret.UpkeepStore.
func (d Secrets) VersionErased(ctx context.Context, ws authz.WorkspaceID, id secret.ID, version int32) error {
	return d.transact(ctx, ws, func(tx *Tx) error {
		tx.bookkeeping("which destroyed versions the vault has destroyed too")
		_, err := tx.exec(`UPDATE secret_version SET erased_at = now() WHERE workspace_id = $1 AND secret_id = $2
			AND version = $3 AND destroyed_at IS NOT NULL`, ws, id, version)
		return err
	})
}

// Version implements secret.Store.
func (d Secrets) Version(
	ctx context.Context, ws authz.WorkspaceID, id secret.ID, number int32,
) (v secret.Version, found bool, err error) {
	found, err = d.get(ctx, ws, &v, `SELECT `+historyColumns+`
		FROM secret_version v JOIN secret s ON s.workspace_id = v.workspace_id AND s.id = v.secret_id
		WHERE v.workspace_id = $1 AND v.secret_id = $2 AND v.version >= $3 AND v.version <= $3
		ORDER BY v.version LIMIT 1`, ws, id, number)
	return v, found, err
}

type secretVersionRow struct {
	ordinal
	secret.Version
}

func (r secretVersionRow) version() (secret.Version, error) { return r.Version, nil }

// secretVersionOrder is newest first.
var secretVersionOrder = page.Order[secret.Version]{
	Name:  "secretVersions",
	Start: page.Key{lastVersion},
	Key:   func(v secret.Version) page.Key { return page.Key{strconv.Itoa(int(v.Version))} },
}

// ListVersions implements secret.Store.
func (d Secrets) ListVersions(
	ctx context.Context, ws authz.WorkspaceID, of []secret.ID, r page.Request,
) ([]page.Page[secret.Version], error) {
	at, orders, err := ordersOf(r, secretVersionOrder, ws, of)
	if err != nil {
		return nil, err
	}

	var rows []secretVersionRow
	if err := d.list(ctx, ws, &rows, each(`SELECT `+historyColumns+`
		FROM (SELECT s.current_version FROM secret s WHERE s.workspace_id = $1 AND s.id >= parent.id
			AND s.id <= parent.id ORDER BY s.id LIMIT 1) s
		CROSS JOIN LATERAL (SELECT * FROM secret_version v
			WHERE v.workspace_id = $1 AND v.secret_id = parent.id AND v.version < $3
			ORDER BY v.version DESC LIMIT $4) v`, `q.version DESC`),
		ws, inOrder(of), versionNumber(at[0]), r.Limit()); err != nil {
		return nil, err
	}

	all, err := pages(r, orders, rows, secretVersionRow.version)
	if err != nil {
		return nil, err
	}

	return all, countEach(ctx, d.DB, ws, r, all, `SELECT count(*) AS n FROM secret_version WHERE workspace_id = $1
		AND secret_id = parent.id`, inOrder(of))
}
