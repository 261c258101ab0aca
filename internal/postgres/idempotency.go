package postgres

import (
	"bytes"
	"context"
	"slices"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/idempotency"
)

// Idempotency stores claims, which keep a repeated call from doing anything twice: it implements idempotency.Store.
type Idempotency struct{ *DB }

// Idempotency returns the store of claims.
func (d *DB) Idempotency() Idempotency { return Idempotency{d} }

type claimRow struct {
	Mark     []byte
	EventID  audit.EventID
	TargetID string
	Attempt  int
	// Free is whether the last attempt has ended, or takes too long.
	Free bool
	// DoneTarget is what the event says, once there is one.
	DoneTarget  *string
	DoneVersion int32
	MadeID      string
}

func (r claimRow) state() idempotency.State {
	s := idempotency.State{
		Claim: idempotency.Claim{
			EventID:  r.EventID,
			TargetID: r.TargetID,
			Shared:   true,
		},
		Mark: r.Mark,
	}
	if r.DoneTarget != nil {
		s.Done = &idempotency.Result{TargetID: *r.DoneTarget, Version: r.DoneVersion, MadeID: r.MadeID}
	}

	return s
}

// Claim implements idempotency.Store.
func (d Idempotency) Claim(
	ctx context.Context, n idempotency.Name, c idempotency.Claim, mark []byte, others ...[]byte,
) (s idempotency.State, err error) {
	err = d.transact(ctx, n.Workspace, func(tx *Tx) error {
		tx.bookkeeping("which calls are under way or done")
		if _, err := tx.forgetClaims(); err != nil {
			return err
		}

		made, err := tx.exec(`
			INSERT INTO idempotency_claim (workspace_id, principal_id, mutation, key, mark, event_id, target_id,
				attempt, attempted_at, first_claimed_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, 1, now(), now())
			ON CONFLICT DO NOTHING`,
			tx.ws, n.PrincipalID, n.Mutation, n.Key, mark, c.EventID, c.TargetID)
		if err != nil || made == 1 {
			s = idempotency.State{Claim: c, Mark: mark, Attempt: 1}
			return err
		}

		s, err = tx.joinClaim(n, append(others, mark))
		return err
	})
	return s, err
}

// forgetClaims drops some of the workspace's claims that are no longer remembered: more than are made.
//
// An array is read once; what IN reads may be read again for each row, and lock ten more each time.
func (t *Tx) forgetClaims() (int64, error) {
	return t.exec(`DELETE FROM idempotency_claim WHERE ctid = ANY(ARRAY(SELECT ctid FROM idempotency_claim
		WHERE workspace_id = $1 AND first_claimed_at < now() - make_interval(secs => $2)
		ORDER BY first_claimed_at LIMIT 10 FOR UPDATE SKIP LOCKED))`,
		t.ws, idempotency.KeptFor.Seconds())
}

// joinClaim reads a claim that is there, and takes its next attempt if it is this caller's turn.
func (t *Tx) joinClaim(n idempotency.Name, marks [][]byte) (s idempotency.State, err error) {
	var row claimRow
	if _, err := t.get(&row, `
		SELECT c.mark, c.event_id, c.target_id, c.attempt, c.attempted_at < now() - make_interval(secs => $5) AS free,
			e.target_id AS done_target, coalesce((e.details->>'version')::integer, 0) AS done_version,
			coalesce(e.details->>'versionId', c.target_id::text) AS made_id
		FROM idempotency_claim c LEFT JOIN audit_event e ON e.workspace_id = c.workspace_id AND e.id = c.event_id
		WHERE c.workspace_id = $1 AND c.principal_id = $2 AND c.mutation = $3 AND c.key = $4 FOR UPDATE OF c`,
		t.ws, n.PrincipalID, n.Mutation, n.Key, idempotency.TakenOverAfter.Seconds()); err != nil {
		return s, err
	}

	s = row.state()
	same := func(mark []byte) bool { return bytes.Equal(mark, row.Mark) }
	if s.Done != nil || !row.Free || !slices.ContainsFunc(marks, same) {
		return s, nil
	}

	s.Attempt = row.Attempt + 1
	_, err = t.exec(`UPDATE idempotency_claim SET attempt = $5, attempted_at = now()
		WHERE workspace_id = $1 AND principal_id = $2 AND mutation = $3 AND key = $4`, t.ws, n.PrincipalID, n.Mutation,
		n.Key, s.Attempt)
	return s, err
}

// Claimed implements idempotency.Store.
func (d Idempotency) Claimed(ctx context.Context, n idempotency.Name) (found bool, err error) {
	_, err = d.get(ctx, n.Workspace, &found, `SELECT EXISTS (SELECT FROM idempotency_claim
		WHERE workspace_id = $1 AND principal_id = $2 AND mutation = $3 AND key = $4
		AND first_claimed_at >= now() - make_interval(secs => $5))`,
		n.Workspace, n.PrincipalID, n.Mutation, n.Key, idempotency.KeptFor.Seconds())
	return found, err
}

// EndAttempt implements idempotency.Store.
func (d Idempotency) EndAttempt(ctx context.Context, n idempotency.Name, attempt int, forget bool) error {
	query := `UPDATE idempotency_claim SET attempted_at = '-infinity'`
	if forget {
		query = `DELETE FROM idempotency_claim`
	}

	return d.transact(ctx, n.Workspace, func(tx *Tx) error {
		tx.bookkeeping("which calls may be tried again")
		_, err := tx.exec(query+` WHERE workspace_id = $1 AND principal_id = $2 AND mutation = $3 AND key = $4
			AND attempt = $5`,
			tx.ws, n.PrincipalID, n.Mutation, n.Key, attempt)
		return err
	})
}
