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

// Advance implements secret.Store.
func (d Secrets) Advance(
	ctx context.Context, n secret.AdvanceRequest, e audit.Entry,
) (s secret.Secret, v secret.Version, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		before, err := tx.lockNext(n)
		if err != nil {
			return err
		}

		if err := tx.roomForVersion(before, d.Limits.SecretVersions); err != nil {
			return err
		}

		var same bool
		if v, same, err = tx.addSecretVersion(n.SecretID, before.CurrentVersion+1, n.StoredValue,
			e.By.Who); err != nil {
			return err
		}

		e := e.Fill("version", v.Version)
		if same {
			e = e.Fill("sameValue", true)
		}

		var row secretRow
		if _, err = tx.get(&row, `UPDATE secret SET current_version = $3, format = $4, fields = $5, rotated_at = now(),
				rotate_at = now() + make_interval(secs => rotate_every_seconds), rotate_error = NULL,
				rotate_noted_at = NULL
			WHERE workspace_id = $1 AND id = $2 RETURNING `+secretColumns, tx.ws, n.SecretID, v.Version, n.Format,
			texts(n.Fields)); err != nil {
			return err
		}

		s = row.secret()
		if e, err = tx.retire(n, before.CurrentVersion, e); err != nil {
			return err
		}

		return tx.record(e)
	})
	return s, v, err
}

// lockNext locks the secret whose value is to become current, and the version that has it already if one does.
func (t *Tx) lockNext(n secret.AdvanceRequest) (secret.Secret, error) {
	s, err := t.lockSecret(n.SecretID)
	if err := cmp.Or(err, n.Refuse(s)); err != nil || n.From == nil {
		return s, err
	}

	_, err = t.place(n.SecretID, *n.From)
	return s, err
}

// retire says how long a version that was replaced is kept. If the call asks for it, it ends the leases that pinned
// the version, and the entry says how many.
func (t *Tx) retire(n secret.AdvanceRequest, version int32, e audit.Entry) (audit.Entry, error) {
	if _, err := t.exec(`UPDATE secret_version SET destroy_at = now() + make_interval(secs => $4)
		WHERE workspace_id = $1 AND secret_id = $2 AND version = $3`, t.ws, n.SecretID, version,
		n.Retain.Seconds()); err != nil || !n.EndLeases {
		return e, err
	}

	ended, err := t.endLeasesOf(n.SecretID, version)
	return e.Fill("leasesEnded", ended), err
}

// addSecretVersion adds a version, and says whether it has the value of the one before.
func (t *Tx) addSecretVersion(
	id secret.ID, version int32, k secret.StoredValue, by authz.Who,
) (v secret.Version, same bool, err error) {
	var row struct {
		CreatedAt time.Time
		Same      bool
	}
	statement, arguments := columns{
		{"workspace_id", t.ws},
		{"secret_id", id},
		{"version", version},
		{"fingerprint", []byte(k.Fingerprint)},
		{"vault_number", int64(k.Number)},
		{"format", k.Format},
		{"fields", texts(k.Fields)},
	}.createdBy(by).insert("secret_version")
	_, err = t.get(&row, statement+` RETURNING created_at, coalesce((SELECT b.fingerprint = $4 FROM secret_version b
		WHERE b.workspace_id = $1 AND b.secret_id = $2 AND b.version = $3 - 1), false) AS same`, arguments...)
	return secret.Version{
		Version:   version,
		State:     secret.Current,
		CreatedAt: row.CreatedAt,
		CreatedBy: by,
	}, row.Same, err
}

// placeRow is where the value of a version is, and what decides on a reveal.
type placeRow struct {
	secret.Facts
	VaultNumber int64
	FieldNames  pq.StringArray
	Fingerprint []byte
}

func (r placeRow) facts(found bool) secret.Facts {
	r.Found, r.Fields = found, r.FieldNames
	return r.Facts
}

// place finds a version. It is a statement of its own, after the secret's row was locked: one that waited for the lock
// would not see the version that a rotation has added.
//
// Errors: fault.NotFound naming `version`; fault.Conflict if it is destroyed.
func (t *Tx) place(id secret.ID, version int32) (at placeRow, err error) {
	found, err := t.get(&at, placeQuery, t.ws, id, version)
	at.Facts = at.facts(found)
	return at, cmp.Or(err, at.Refuse())
}

const placeQuery = `SELECT v.vault_number, v.format, v.fields AS field_names, v.fingerprint,
		v.destroyed_at IS NOT NULL AS destroyed, w.require_reveal_reason AS needs_reason
	FROM secret_version v JOIN workspace w ON w.id = v.workspace_id
	WHERE v.workspace_id = $1 AND v.secret_id = $2 AND v.version >= $3 AND v.version <= $3 ORDER BY v.version LIMIT 1`

// KeptVersion implements secret.Store.
func (d Secrets) KeptVersion(
	ctx context.Context, ws authz.WorkspaceID, id secret.ID, version int32,
) (secret.StoredValue, error) {
	var at placeRow
	found, err := d.get(ctx, ws, &at, placeQuery, ws, id, version)
	k := secret.StoredValue{
		Number:      secret.Number(at.VaultNumber),
		Format:      at.Format,
		Fields:      at.FieldNames,
		Fingerprint: at.Fingerprint,
	}
	return k, cmp.Or(err, at.facts(found).Refuse())
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
