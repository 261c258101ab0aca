package postgres

import (
	"context"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
)

// Runs stores the leases of what runs were given: it implements run.Leases.
type Runs struct{ *DB }

// Runs returns the store of leases of runs.
func (d *DB) Runs() Runs { return Runs{d} }

// Pin implements run.Leases. It takes as many statements for a hundred secrets as for one.
//
// One statement reads all there is to know of the secrets, so all is of one moment. It locks none of them: a rotation
// never waits for injections, and one that ends leases does so at the version, where no pin escapes it.
func (d Runs) Pin(ctx context.Context, c run.PinRequest, injected, refused audit.Entry) (p run.PinResult, err error) {
	err = d.transact(ctx, injected.By.Workspace, func(tx *Tx) (err error) {
		if err := tx.runtimeKey(&p.Key, c.RuntimeKeyID); err != nil {
			return err
		}

		if p.Lease, err = tx.beginOrJoin(c, injected.By.PrincipalID, d.Limits.OpenLeases); err != nil {
			return err
		}

		if p.Held, err = tx.injectable(c); err != nil {
			return err
		}

		if err := c.Check(p.Held); err != nil {
			return err
		}

		p.EventIDs, err = tx.pin(c, p.Held, injected)
		return err
	})
	if fault.Is(err, fault.Forbidden) {
		return run.PinResult{}, d.refuse(ctx, refused.Fill("secretIds", run.NotReferenced(p.Held)), err)
	}

	return p, err
}

// runtimeKey reads a public key, and keeps it from being removed until the commit.
func (t *Tx) runtimeKey(public *[]byte, id run.KeyID) error {
	found, err := t.get(public,
		`SELECT public_key FROM runtime_key WHERE workspace_id = $1 AND id = $2 FOR KEY SHARE`, t.ws, id)
	if err == nil && !found {
		return run.NoKey()
	}

	return err
}

type heldRow struct {
	run.PinnedSecret
	VaultNumber int64
	FieldNames  pq.StringArray
}

func (r heldRow) held() run.PinnedSecret {
	r.Number, r.Fields = secret.Number(r.VaultNumber), r.FieldNames
	return r.PinnedSecret
}

func heldOf(rows []heldRow) []run.PinnedSecret {
	all := make([]run.PinnedSecret, len(rows))
	for i, row := range rows {
		all[i] = row.held()
	}

	return all
}

// injectable reads those of the secrets that exist and are not deleted: the versions that the lease pins, and current
// ones where it pins none.
func (t *Tx) injectable(c run.PinRequest) ([]run.PinnedSecret, error) {
	var rows []heldRow
	err := t.list(&rows, `
		SELECT s.id AS secret_id, s.name, v.version, v.vault_number, v.format, v.fields AS field_names,
			v.destroyed_at IS NOT NULL AS destroyed, r.secret_id IS NOT NULL AS referenced
		FROM unnest($2::uuid[]) WITH ORDINALITY AS wanted(id, nth) CROSS JOIN LATERAL (
			SELECT s.* FROM secret s WHERE s.workspace_id = $1 AND s.id >= wanted.id AND s.id <= wanted.id
			ORDER BY s.id LIMIT 1
		) s LEFT JOIN LATERAL (
			SELECT r.secret_id FROM secret_reference r WHERE r.workspace_id = $1 AND r.kind = $3
				AND (r.external_id, r.secret_id) >= ($4, s.id) AND (r.external_id, r.secret_id) <= ($4, s.id)
			ORDER BY r.external_id, r.secret_id LIMIT 1
		) r ON true LEFT JOIN LATERAL (
			SELECT p.version FROM lease_secret p WHERE p.workspace_id = $1
				AND (p.lease_id, p.secret_id) >= ($5, s.id) AND (p.lease_id, p.secret_id) <= ($5, s.id)
			ORDER BY p.lease_id, p.secret_id LIMIT 1
		) p ON true CROSS JOIN LATERAL (
			SELECT v.* FROM secret_version v WHERE v.workspace_id = $1 AND v.secret_id = s.id
				AND v.version >= `+pinnedOrCurrent+` AND v.version <= `+pinnedOrCurrent+` ORDER BY v.version LIMIT 1
		) v WHERE s.state = 'ACTIVE' ORDER BY wanted.nth`, t.ws, known(c.IDs), c.Consumer.Kind,
		c.Consumer.ExternalID, c.Under)
	return heldOf(rows), err
}

// pinnedOrCurrent is what coalesce says. Of that, row-level security makes no condition of an index: then all versions
// of the secret are read.
const pinnedOrCurrent = `CASE WHEN p.version IS NULL THEN s.current_version ELSE p.version END`

// pin keeps the versions, remembers that they were handed out, and puts each on record.
func (t *Tx) pin(c run.PinRequest, held []run.PinnedSecret, injected audit.Entry) ([]audit.EventID, error) {
	ids, versions := make([]secret.ID, len(held)), make(pq.Int32Array, len(held))
	entries, events := make([]audit.Entry, len(held)), make([]audit.EventID, len(held))
	for i, h := range held {
		ids[i], versions[i], entries[i] = h.SecretID, h.Version, c.Entry(injected, h)
		events[i] = entries[i].ID
	}

	all, err := encodeEntries(entries)
	if err != nil {
		return nil, err
	}

	var pins int
	_, err = t.get(&pins, pinQuery, t.ws, c.Under, known(ids), versions, []byte(c.TokenHash), c.Run.StepID,
		c.RuntimeKeyID, all)
	if err != nil {
		return nil, err
	}

	t.recorded = true
	if c.LeaseID != nil { // whose row is locked
		err = c.RefusePins(pins)
	}

	return events, err
}

// pinQuery keeps the versions and the token's hash, puts entries on record, and notes when the secrets were last
// injected: to the second, for more writes would have injections of one secret wait for one another. It returns how
// many secrets the lease pins by then.
var pinQuery = `WITH pinned AS (
		INSERT INTO lease_secret (workspace_id, lease_id, secret_id, version)
		SELECT $1, $2, * FROM unnest($3::uuid[], $4::integer[]) ON CONFLICT DO NOTHING RETURNING secret_id
	), given AS (
		INSERT INTO lease_token (workspace_id, lease_id, hash, step_id, runtime_key_id) VALUES ($1, $2, $5, $6, $7)
	), due AS MATERIALIZED (` + lockEach(`secret`, `unnest($3::uuid[]) AS id`,
	`(last_injected_at IS NULL OR last_injected_at < now() - interval '1 second')`, `NO KEY UPDATE`) + `
	), noted AS (
		UPDATE secret s SET last_injected_at = now() FROM due WHERE s.workspace_id = $1 AND s.id = due.id
	), event AS (
		` + recordQuery(`$8`, `'{}'`, ``) + `
	)
	SELECT (SELECT count(*) FROM pinned) + (SELECT count(*) FROM (
		SELECT FROM lease_secret WHERE workspace_id = $1 AND lease_id >= $2 AND lease_id <= $2
		ORDER BY lease_id, secret_id OFFSET 0
	) before)`
