package postgres

import (
	"cmp"
	"context"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/secret"
)

// revealedRow is a secret with the version that is revealed.
type revealedRow struct {
	secretRow
	Shown       int32
	VaultNumber int64
	ShownFormat secret.Format
}

// The version is locked once the secret is, and no rotation or destruction commits before the event has.
// What the statement expects is what secret.RevealTarget.Refuse says. The time of the last reveal is written once a
// minute: to change a row costs as much as to put an event on record.
var revealQuery = `WITH locked AS (
		SELECT * FROM secret WHERE workspace_id = $1 AND id >= $2 AND id <= $2 AND state = 'ACTIVE'
		ORDER BY id LIMIT 1 FOR NO KEY UPDATE
	), found AS (
		SELECT s.*, v.version AS shown, v.vault_number, v.format AS shown_format
		FROM locked s CROSS JOIN LATERAL (
			SELECT * FROM secret_version WHERE workspace_id = $1 AND secret_id = $2
				AND version >= coalesce($3, s.current_version) AND version <= coalesce($3, s.current_version)
				AND destroyed_at IS NULL
			ORDER BY version LIMIT 1 FOR SHARE) v
		WHERE ($4 OR NOT (SELECT require_reveal_reason FROM workspace WHERE id = $1))
			AND ($5::text IS NULL OR v.format = 'JSON' AND (v.fields = '{}' OR $5 = ANY (v.fields)))
	), noted AS (
		UPDATE secret s SET last_revealed_at = now() FROM found f WHERE s.workspace_id = $1 AND s.id = $2
			AND coalesce(f.last_revealed_at < now() - interval '1 minute', true)
		RETURNING s.last_revealed_at
	), ` + recording(5, `found.name`, `jsonb_build_object('version', found.shown)`, `found`) + `
	SELECT ` + secretColumns + `, shown, vault_number, shown_format,
		coalesce((SELECT last_revealed_at FROM noted), last_revealed_at) AS last_revealed_at
	FROM found`

// Reveal implements secret.Store.
func (d Secrets) Reveal(ctx context.Context, w secret.RevealTarget, e audit.Entry) (secret.RevealedVersion, error) {
	e = e.FillTarget(w.SecretID.String(), "").Fill("version", nil) // the statement says the label and the number
	var row revealedRow
	err := decide(func() (bool, error) {
		return d.write(ctx, e, &row, revealQuery, e.By.Workspace, w.SecretID, w.Version, e.Reason != "", w.Field)
	}, func() error { return d.refuseReveal(ctx, e.By.Workspace, w, e.Reason) })
	return secret.RevealedVersion{
		Secret:  row.secret(),
		Version: row.Shown,
		Number:  secret.Number(row.VaultNumber),
		Format:  row.ShownFormat,
	}, err
}

// refuseReveal returns why a version is not revealed now. Errors: fault.NotFound; those of secret.RevealTarget.Refuse.
func (d Secrets) refuseReveal(ctx context.Context, ws authz.WorkspaceID, w secret.RevealTarget, reason string) error {
	s, err := d.active(ctx, ws, w.SecretID)
	if err != nil {
		return err
	}

	version := s.CurrentVersion
	if w.Version != nil {
		version = *w.Version
	}

	at, err := d.placeOf(ctx, ws, w.SecretID, version)
	return cmp.Or(err, w.Refuse(at.Facts, reason))
}

// active returns a secret that is not deleted, as it is now. Errors: fault.NotFound.
func (d Secrets) active(ctx context.Context, ws authz.WorkspaceID, id secret.ID) (secret.Secret, error) {
	found, err := d.Get(ctx, ws, []secret.ID{id})
	switch {
	case err != nil:
		return secret.Secret{}, err
	case len(found) == 0 || found[0].PurgeAt != nil:
		return secret.Secret{}, secret.NotFound()
	}

	return found[0], nil
}

// placeRow is where the value of a version is, and what decides on a reveal.
type placeRow struct {
	secret.Facts
	VaultNumber int64
	FieldNames  pq.StringArray
	Fingerprint []byte
}

// placeOf returns where the value of a version is. It is not locked.
func (d Secrets) placeOf(
	ctx context.Context, ws authz.WorkspaceID, id secret.ID, version int32,
) (at placeRow, err error) {
	at.Found, err = d.get(ctx, ws, &at, `SELECT v.vault_number, v.format, v.fields AS field_names, v.fingerprint,
			v.destroyed_at IS NOT NULL AS destroyed, w.require_reveal_reason AS needs_reason
		FROM secret_version v JOIN workspace w ON w.id = v.workspace_id
		WHERE v.workspace_id = $1 AND v.secret_id = $2 AND v.version >= $3 AND v.version <= $3
		ORDER BY v.version LIMIT 1`, ws, id, version)
	at.Fields = at.FieldNames
	return at, err
}
