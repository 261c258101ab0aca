package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/workspace"
)

// Workspaces stores workspaces, their settings and what each holds: it implements workspace.Store and
// workspace.LimitStore.
type Workspaces struct{ *DB }

// Workspaces returns the store of workspaces.
func (d *DB) Workspaces() Workspaces { return Workspaces{d} }

// Get implements workspace.Store.
func (d Workspaces) Get(ctx context.Context, id workspace.ID) (w workspace.Workspace, found bool, err error) {
	found, err = d.get(ctx, id, &w, `
		SELECT id, name, region, require_reveal_reason, created_at FROM workspace WHERE id = $1`, id)
	return w, found, err
}

// Usage implements workspace.Store.
func (d Workspaces) Usage(ctx context.Context, id workspace.ID) (u workspace.Usage, err error) {
	_, err = d.get(ctx, id, &u, `
		SELECT object_count, used_bytes, reserved_bytes, limit_bytes, secret_count FROM workspace_usage
		WHERE workspace_id = $1`, id)
	return u, err
}

// Create implements workspace.Store.
func (d Workspaces) Create(ctx context.Context, w workspace.Workspace, members []member.Member, e audit.Entry) error {
	err := d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		if _, err := tx.exec(`INSERT INTO workspace (id, name, region) VALUES ($1, $2, $3)`, w.ID, w.Name,
			w.Region); err != nil {
			return err
		}

		if _, err := tx.exec(`INSERT INTO workspace_usage (workspace_id, limit_bytes) VALUES ($1, $2)`, w.ID,
			w.LimitBytes); err != nil {
			return err
		}

		for _, m := range members {
			if err := tx.join(m); err != nil {
				return err
			}
		}

		return tx.record(e)
	})
	if violates(err, "workspace_pkey") {
		return workspace.IDTaken().Because(err)
	}

	return err
}

func (t *Tx) join(m member.Member) error {
	_, err := t.exec(`INSERT INTO member (workspace_id, id, issuer, subject, email, role, joined_at)
		VALUES ($1, $2, nullif($3, ''), nullif($4, ''), $5, $6, CASE WHEN $4 <> '' THEN now() END)`,
		t.ws, m.ID, m.Issuer, m.Subject, m.Email, m.Role)
	return err
}

// Of implements workspace.Store. It runs before a workspace is known.
func (d Workspaces) Of(ctx context.Context, issuer, subject string) (all []workspace.Workspace, err error) {
	err = d.list(ctx, anyone, &all, `SELECT id, name, region, require_reveal_reason, created_at
		FROM workspaces_of($1, $2)`, issuer, subject)
	return all, err
}

// Update implements workspace.Store.
func (d Workspaces) Update(
	ctx context.Context, c workspace.UpdateRequest, e audit.Entry,
) (w workspace.Workspace, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		found, err := tx.get(&w, `SELECT id, name, region, require_reveal_reason, created_at FROM workspace
			WHERE id = $1 FOR NO KEY UPDATE`, tx.ws)
		switch {
		case err != nil:
			return err
		case !found:
			return workspace.NotFound()
		case !c.Changes(w):
			tx.bookkeeping("the workspace was like that before")
			return nil
		}

		if _, err := tx.get(&w, `UPDATE workspace SET name = coalesce($2, name), require_reveal_reason = coalesce($3,
			require_reveal_reason)
			WHERE id = $1 RETURNING id, name, region, require_reveal_reason, created_at`, tx.ws, c.Name,
			c.RequireRevealReason); err != nil {
			return err
		}

		return tx.record(e.FillTarget(w.ID.String(), w.Name).Fill("requireRevealReason", w.RequireRevealReason))
	})
	return w, err
}

// SetLimit implements workspace.LimitStore.
func (d Workspaces) SetLimit(
	ctx context.Context, limit *int64, e audit.Entry,
) (was *int64, u workspace.Usage, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		var name string
		found, err := tx.get(&name, `SELECT name FROM workspace WHERE id = $1`, tx.ws)
		if err == nil && !found {
			err = workspace.NotFound()
		}

		if err != nil {
			return err
		}

		if _, err := tx.get(&was, `SELECT limit_bytes FROM workspace_usage WHERE workspace_id = $1 FOR UPDATE`,
			tx.ws); err != nil {
			return err
		}

		_, err = tx.get(&u, `UPDATE workspace_usage SET limit_bytes = $2 WHERE workspace_id = $1
			RETURNING object_count, used_bytes, reserved_bytes, limit_bytes, secret_count`, tx.ws, limit)
		if err != nil {
			return err
		}

		return tx.record(e.FillTarget(tx.ws.String(), name).Fill("limitBytesBefore", was))
	})
	return was, u, err
}
