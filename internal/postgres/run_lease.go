package postgres

import (
	"cmp"
	"context"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/workspace"
)

type leaseRow struct {
	run.Lease
	run.LeaseFacts
}

const leaseColumns = `l.id, l.run_id, l.expires_at, l.ended_at IS NOT NULL AS ended, NOT lease_is_open(l) AS over`

// beginOrJoin begins a lease, or keeps the one that is named from ending until the commit. A lease that begins makes
// room for itself.
//
// Errors: those of LeaseFacts.Refuse for one that is named; fault.QuotaExceeded if that many are open.
func (t *Tx) beginOrJoin(c run.PinRequest, principal string, mostOpen int) (run.Lease, error) {
	if c.LeaseID != nil {
		return t.joinLease(c, principal)
	}

	begun := run.Lease{ID: c.Under, RunID: c.Run.RunID}
	found, err := t.get(&begun.ExpiresAt, `WITH forgotten AS (`+forgetLeases+`)
		INSERT INTO lease (workspace_id, id, principal_id, run_id, consumer_kind,
		consumer_id, expires_at)
		SELECT $1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7)
		WHERE $8 = 0 OR (SELECT count(*) FROM (SELECT FROM `+countedRows[workspace.OpenLeases]+` LIMIT $8) open) < $8
		RETURNING expires_at`,
		t.ws, c.Under, principal, c.Run.RunID, c.Consumer.Kind, c.Consumer.ExternalID, c.LeaseFor.Seconds(), mostOpen)
	if err == nil && !found {
		err = workspace.OpenLeases.Refuse(mostOpen+1, mostOpen)
	}

	return begun, err
}

// forgetLeases drops some of the workspace's leases that ended a day ago: more than begin. It reads as forgetClaims
// does.
const forgetLeases = `DELETE FROM lease WHERE ctid = ANY(ARRAY(SELECT ctid FROM lease
	WHERE workspace_id = $1 AND expires_at < now() - interval '1 day'
	ORDER BY expires_at LIMIT 10 FOR UPDATE SKIP LOCKED))`

func (t *Tx) joinLease(c run.PinRequest, principal string) (_ run.Lease, err error) {
	var row leaseRow
	row.Found, err = t.get(&row, `SELECT `+leaseColumns+` FROM lease l
		WHERE workspace_id = $1 AND id = $2 AND principal_id = $3 AND run_id = $4 AND consumer_kind = $5
		AND consumer_id = $6 FOR UPDATE`,
		t.ws, c.Under, principal, c.Run.RunID, c.Consumer.Kind, c.Consumer.ExternalID)
	return row.Lease, cmp.Or(err, row.Refuse())
}

// hold looks for a lease of whoever holds it.
func (t *Tx) hold(h run.Holder, lock string) (row leaseRow, err error) {
	row.Found, err = t.get(&row, `SELECT `+leaseColumns+
		` FROM lease l JOIN lease_token k ON k.workspace_id = l.workspace_id AND k.lease_id = l.id
		WHERE l.workspace_id = $1 AND l.id = $2 AND l.principal_id = $3 AND k.hash = ANY($4) `+lock, t.ws, h.LeaseID,
		h.PrincipalID, tokenHashes(h))
	return row, err
}

func tokenHashes(h run.Holder) (all pq.ByteaArray) {
	for _, hash := range h.TokenHashes {
		all = append(all, hash)
	}

	return all
}

// Lease implements run.Leases.
func (d Runs) Lease(
	ctx context.Context, h run.Holder, refused audit.Entry,
) (l run.Lease, held []run.PinnedSecret, err error) {
	err = d.transact(ctx, refused.By.Workspace, func(tx *Tx) error {
		tx.bookkeeping("it reads; a refusal is recorded afterwards")
		row, err := tx.hold(h, "")
		if err := cmp.Or(err, row.Refuse()); err != nil {
			return err
		}

		l = row.Lease
		held, err = tx.heldBy(l.ID)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		err = d.refuse(ctx, refused, err)
	}

	return l, held, err
}

// heldBy reads what a lease pins. What is gone altogether counts as destroyed.
func (t *Tx) heldBy(id run.LeaseID) ([]run.PinnedSecret, error) {
	var rows []heldRow
	err := t.list(&rows, `
		SELECT p.secret_id, coalesce(s.name, '') AS name, p.version, coalesce(v.vault_number, 0) AS vault_number,
		coalesce(v.format, 'TEXT') AS format,
			coalesce(v.fields, '{}') AS field_names, true AS referenced, v.version IS NULL
			OR v.destroyed_at IS NOT NULL AS destroyed
		FROM (
			SELECT p.* FROM lease_secret p WHERE p.workspace_id = $1 AND p.lease_id >= $2 AND p.lease_id <= $2
			ORDER BY p.lease_id, p.secret_id OFFSET 0
		) p LEFT JOIN LATERAL (
			SELECT s.name FROM secret s WHERE s.workspace_id = $1 AND s.id >= p.secret_id AND s.id <= p.secret_id
			ORDER BY s.id LIMIT 1
		) s ON true LEFT JOIN LATERAL (
			SELECT v.* FROM secret_version v WHERE v.workspace_id = $1 AND v.secret_id = p.secret_id
				AND v.version >= p.version AND v.version <= p.version ORDER BY v.version LIMIT 1
		) v ON true ORDER BY p.lease_id, p.secret_id`, t.ws, id)
	return heldOf(rows), err
}

// EndLease implements run.Leases.
func (d Runs) EndLease(ctx context.Context, h run.Holder, ended, refused audit.Entry) error {
	err := d.transact(ctx, ended.By.Workspace, func(tx *Tx) error {
		row, err := tx.hold(h, "FOR UPDATE OF l")
		if err := cmp.Or(err, row.RefuseEnd()); err != nil || row.Ended {
			tx.bookkeeping("the lease had ended before")
			return err
		}

		if _, err := tx.exec(`UPDATE lease SET ended_at = now() WHERE workspace_id = $1 AND id = $2`, tx.ws,
			row.ID); err != nil {
			return err
		}

		return tx.record(ended.FillTarget(row.ID.String(), row.RunID))
	})
	if fault.Is(err, fault.NotFound) {
		err = d.refuse(ctx, refused, err)
	}

	return err
}

// refuse puts a refusal on record and returns what to say, or, past run.MaxRefusals within an hour, only that there
// were too many.
func (d Runs) refuse(ctx context.Context, e audit.Entry, say error) error {
	err := d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		var before run.Refusals
		if _, err := tx.get(&before, `SELECT count(*) AS count, min(at) AS oldest, now() AS now FROM audit_event
			WHERE workspace_id = $1 AND target_id = $2 AND id > first_uuidv7(now() - interval '1 hour')
			AND action = $3 AND actor_id = $4`,
			tx.ws, e.Target.ID, e.Action, e.By.PrincipalID); err != nil {
			return err
		}

		if err := before.Refuse(); err != nil {
			return err
		}

		return tx.record(e)
	})
	if err != nil {
		return err
	}

	return say
}
