package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/workspace"
)

// Workspace implements workspace.Store.
func (d *DB) Workspace(ctx context.Context, id workspace.ID) (w workspace.Workspace, found bool, err error) {
	found, err = d.get(ctx, id, &w, `
		SELECT id, name, region, require_reveal_reason, created_at FROM workspace WHERE id = $1`, id)
	return w, found, err
}

// Usage implements workspace.Store.
func (d *DB) Usage(ctx context.Context, id workspace.ID) (u workspace.Usage, err error) {
	_, err = d.get(ctx, id, &u, `
		SELECT object_count, used_bytes, reserved_bytes, limit_bytes, secret_count FROM workspace_usage WHERE workspace_id = $1`, id)
	return u, err
}

// CreateWorkspace implements workspace.Store.
func (d *DB) CreateWorkspace(ctx context.Context, w workspace.Workspace, members []member.Member, e audit.Entry) error {
	err := d.write(ctx, e, func(tx *Tx, _ *audit.Entry) error {
		if _, err := tx.exec(`INSERT INTO workspace (id, name, region) VALUES ($1, $2, $3)`, w.ID, w.Name, w.Region); err != nil {
			return err
		}
		if _, err := tx.exec(`INSERT INTO workspace_usage (workspace_id) VALUES ($1)`, w.ID); err != nil {
			return err
		}
		for _, m := range members {
			if err := tx.join(m); err != nil {
				return err
			}
		}
		return nil
	})
	if violates(err, "workspace_pkey") {
		return fault.New(fault.Conflict, "A workspace with this id exists.").Because(err)
	}
	return err
}

func (t *Tx) join(m member.Member) error {
	_, err := t.exec(`INSERT INTO member (workspace_id, id, issuer, subject, email, role) VALUES ($1, $2, $3, $4, $5, $6)`,
		t.ws, m.ID, m.Issuer, m.Subject, m.Email, m.Role)
	return err
}

// MembershipsOf implements authn.Members. It runs before a workspace is known.
func (d *DB) MembershipsOf(ctx context.Context, issuer, subject string) ([]authn.Membership, error) {
	var rows []struct {
		MemberID    string
		WorkspaceID authz.WorkspaceID
		Region      string
		Role        authz.Role
		Email       string
	}
	if err := d.list(ctx, "", &rows, `SELECT member_id, workspace_id, region, role, email FROM memberships_of($1, $2)`, issuer, subject); err != nil {
		return nil, err
	}
	all := make([]authn.Membership, len(rows))
	for i, r := range rows {
		all[i] = authn.Membership{MemberID: r.MemberID, Workspace: r.WorkspaceID, Region: r.Region, Role: r.Role, Email: r.Email}
	}
	return all, nil
}
