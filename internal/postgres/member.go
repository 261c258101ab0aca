package postgres

import (
	"cmp"
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/page"
)

// Members stores memberships and invitations: it implements member.Store, workspace.InviteStore, and authn.Members for
// whoever signs in.
type Members struct{ *DB }

// Members returns the store of memberships.
func (d *DB) Members() Members { return Members{d} }

const memberColumns = `id, coalesce(issuer, '') AS issuer, coalesce(subject, '') AS subject, email, role, joined_at,
	created_at`

// Get implements member.Store.
func (d Members) Get(ctx context.Context, ws authz.WorkspaceID, ids []member.ID) (all []member.Member, err error) {
	err = d.list(ctx, ws, &all, byID(memberColumns, `member`, `true`),
		ws, distinct(ids))
	return all, err
}

var memberOrder = page.Order[member.Member]{
	Name:  "members",
	Start: page.Key{""},
	Key:   func(m member.Member) page.Key { return page.Key{m.Email} },
}

// List implements member.Store.
func (d Members) List(ctx context.Context, ws authz.WorkspaceID, r page.Request) (page.Page[member.Member], error) {
	order := memberOrder.Of(ws)
	at, err := order.After(r)
	if err != nil {
		return page.Page[member.Member]{}, err
	}

	var rows []member.Member
	if err := d.list(ctx, ws, &rows, `SELECT `+memberColumns+` FROM member WHERE workspace_id = $1 AND email > $2
		ORDER BY email LIMIT $3`,
		ws, at[0], r.Limit()); err != nil {
		return page.Page[member.Member]{}, err
	}

	total, err := d.count(ctx, ws, r, `SELECT count(*) FROM member WHERE workspace_id = $1`, ws)
	return order.Cut(r, rows, total), err
}

// Remove implements member.Store.
func (d Members) Remove(
	ctx context.Context, id member.ID, keepKeys bool, e audit.Entry,
) (ended member.Keys, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		if err := tx.lockAdmins(); err != nil {
			return err
		}

		var gone member.Member
		found, err := tx.get(&gone, `DELETE FROM member WHERE workspace_id = $1 AND id = $2 RETURNING `+
			memberColumns, tx.ws, id)
		if err != nil {
			return err
		}

		if !found {
			return member.NotFound()
		}

		e, ended, err = tx.endKeys(e.FillTarget(id.String(), gone.Email).Fill("role", gone.Role), id, "", keepKeys)
		if err := cmp.Or(err, tx.checkAdmins()); err != nil {
			return err
		}

		return tx.record(e)
	})
	return ended, err
}

// lockAdmins lets one change of members happen at a time, so that two admins cannot remove each other.
func (t *Tx) lockAdmins() error {
	_, err := t.exec(`SELECT 1 FROM workspace WHERE id = $1 FOR NO KEY UPDATE`, t.ws)
	return err
}

// checkAdmins looks at who is left in the workspace. Errors: those of Remaining.Refuse.
func (t *Tx) checkAdmins() error {
	var left member.Remaining
	_, err := t.get(&left, `SELECT count(*) > 0 AS admin FROM member WHERE workspace_id = $1 AND role = 'ADMIN'
		AND subject IS NOT NULL`, t.ws)
	return cmp.Or(err, left.Refuse())
}

// MembershipsOf implements authn.Members. It runs before a workspace is known.
func (d Members) MembershipsOf(ctx context.Context, issuer, subject, email string) ([]authn.Membership, error) {
	var rows []struct {
		MemberID    string
		WorkspaceID authz.WorkspaceID
		Region      string
		Role        authz.Role
		Email       string
		Invited     bool

		DocumentsRevision int64
	}
	if err := d.list(ctx, anyone, &rows, `SELECT member_id, workspace_id, region, role, email, invited,
		documents_revision FROM memberships_by_identity($1, $2, $3)`,
		issuer, subject, email); err != nil {
		return nil, err
	}

	all := make([]authn.Membership, len(rows))
	for i, r := range rows {
		all[i] = authn.Membership{
			MemberID:  r.MemberID,
			Workspace: r.WorkspaceID,
			Region:    r.Region,
			Role:      r.Role,
			Email:     r.Email,
			Invited:   r.Invited,

			DocumentsRevision: r.DocumentsRevision,
		}
	}

	return all, nil
}

// Join implements authn.Members.
func (d Members) Join(ctx context.Context, a authz.Actor) error {
	err := d.transact(ctx, a.Workspace, func(tx *Tx) error {
		n, err := tx.exec(`UPDATE member SET issuer = $3, subject = $4, joined_at = now() WHERE workspace_id = $1
			AND id = $2 AND subject IS NULL`,
			tx.ws, member.ID(a.PrincipalID), a.Issuer, a.Subject)
		if err == nil && n == 0 {
			err = member.NotFound() // another request was faster, or the invitation was withdrawn: no event
		}

		if err != nil {
			return err
		}

		return tx.record(member.Joined(a))
	})
	if violates(err, "member_identity") || fault.Is(err, fault.NotFound) {
		return nil
	}

	return err
}
