package postgres

import (
	"cmp"
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/workspace"
)

// SetRole implements member.Store.
func (d Members) SetRole(
	ctx context.Context, m member.Member, c member.Change, e audit.Entry,
) (set member.SetRoleResult, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		if err := tx.lockAdmins(); err != nil {
			return err
		}

		before, now, e, err := tx.putMember(m, c.InviteAgain, e)
		if err != nil {
			return err
		}

		if set.Member = now; member.Same(before, now) {
			tx.bookkeeping("the member had the role before")
			return nil
		}

		if before.Role != m.Role && before.Role.Includes(m.Role) {
			e, set.Ended, err = tx.endKeys(e, now.ID, m.Role, c.KeepKeys)
		}

		if err := cmp.Or(err, tx.checkAdmins()); err != nil {
			return err
		}

		return tx.record(e)
	})
	return set, err
}

// InviteAdmin implements workspace.InviteStore. It leaves keys alone, since no role is lowered, and asks for no admin
// who has joined, since there may be none.
func (d Members) InviteAdmin(ctx context.Context, m member.Member, e audit.Entry) (invited member.Member, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		var name string
		found, err := tx.get(&name, `SELECT name FROM workspace WHERE id = $1 FOR NO KEY UPDATE`, tx.ws)
		if err == nil && !found {
			err = workspace.NotFound()
		}

		if err != nil {
			return err
		}

		before, now, e, err := tx.putMember(m, true, e)
		if err != nil {
			return err
		}

		if invited = now; member.Same(before, now) {
			tx.bookkeeping("the admin was invited before")
			return nil
		}

		return tx.record(e)
	})
	return invited, err
}

// putMember gives the member with an address a role, or invites it, and completes what goes on record of that. It
// returns the member as it was, without an id if there was none, and as it is now.
func (t *Tx) putMember(
	m member.Member, unbind bool, e audit.Entry,
) (before, now member.Member, filled audit.Entry, err error) {
	if _, err := t.get(&before, `SELECT `+memberColumns+` FROM member WHERE workspace_id = $1 AND email = $2
		FOR UPDATE`, t.ws, m.Email); err != nil {
		return before, now, e, err
	}

	if _, err := t.get(&now, `INSERT INTO member (workspace_id, id, email, role, created_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, email) DO UPDATE SET role = excluded.role,
			issuer = CASE WHEN NOT $6::boolean THEN member.issuer END,
			subject = CASE WHEN NOT $6::boolean THEN member.subject END,
			joined_at = CASE WHEN NOT $6::boolean THEN member.joined_at END
		RETURNING `+memberColumns, t.ws, m.ID, m.Email, m.Role, m.CreatedAt, unbind); err != nil {
		return before, now, e, err
	}

	e = e.FillTarget(now.ID.String(), now.Email)
	if before.Role != "" {
		e = e.Fill("previousRole", before.Role)
	}

	if unbind && before.Subject != "" {
		e = e.Fill("unboundSubject", before.Subject)
	}

	return before, now, e, nil
}
