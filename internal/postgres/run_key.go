package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/run"
)

// RuntimeKeys stores the public keys of runtimes: it implements run.Keys.
type RuntimeKeys struct{ *DB }

// RuntimeKeys returns the store of runtime keys.
func (d *DB) RuntimeKeys() RuntimeKeys { return RuntimeKeys{d} }

const runtimeKeyColumns = `id, name, public_key, created_at, ` + createdBy

// Add implements run.Keys.
func (d RuntimeKeys) Add(ctx context.Context, k run.RuntimeKey, e audit.Entry) error {
	err := d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		if err := tx.stillAdmin(k.CreatedBy); err != nil {
			return err
		}

		statement, arguments := columns{
			{"workspace_id", tx.ws},
			{"id", k.ID},
			{"name", k.Name},
			{"public_key", k.PublicKey},
			{"created_at", k.CreatedAt},
		}.createdBy(k.CreatedBy).insert("runtime_key")
		if _, err := tx.exec(statement, arguments...); err != nil {
			return err
		}

		return tx.record(e)
	})
	if violates(err, "runtime_key_public_key") {
		return run.KeyTaken()
	}

	return err
}

// Remove implements run.Keys.
func (d RuntimeKeys) Remove(ctx context.Context, id run.KeyID, e audit.Entry) error {
	return d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		var name string
		found, err := tx.get(&name,
			`DELETE FROM runtime_key WHERE workspace_id = $1 AND id = $2 RETURNING name`, tx.ws, id)
		switch {
		case err != nil:
			return err
		case !found:
			return run.NoKey()
		}

		return tx.record(e.FillTarget(id.String(), name))
	})
}

// Get implements run.Keys.
func (d RuntimeKeys) Get(ctx context.Context, ws authz.WorkspaceID, ids []run.KeyID) (all []run.RuntimeKey, err error) {
	err = d.list(ctx, ws, &all, byID(runtimeKeyColumns, `runtime_key`, `true`), ws, distinct(ids))
	return all, err
}

// runtimeKeyOrder is newest first.
var runtimeKeyOrder = page.Order[run.RuntimeKey]{
	Name:  "runtimeKeys",
	Start: page.Key{lastID},
	Key:   func(k run.RuntimeKey) page.Key { return page.Key{k.ID.String()} },
}

// List implements run.Keys.
func (d RuntimeKeys) List(
	ctx context.Context, ws authz.WorkspaceID, r page.Request,
) (page.Page[run.RuntimeKey], error) {
	order := runtimeKeyOrder.Of(ws)
	at, err := order.After(r)
	if err != nil {
		return page.Page[run.RuntimeKey]{}, err
	}

	var rows []run.RuntimeKey
	err = d.list(ctx, ws, &rows, `SELECT `+runtimeKeyColumns+` FROM runtime_key WHERE workspace_id = $1 AND id < $2
		ORDER BY id DESC LIMIT $3`, ws, run.KeyID(at[0]), r.Limit())
	return order.Cut(r, rows, 0), err
}
