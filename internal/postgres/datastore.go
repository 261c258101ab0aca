package postgres

import (
	"context"
	"strings"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
)

const datastoreColumns = `id, name, description, object_count, used_bytes, created_at, updated_at, ` + createdBy

// CreateDatastore implements datastore.Store.
func (d *DB) CreateDatastore(ctx context.Context, ds datastore.Datastore, e audit.Entry) error {
	err := d.write(ctx, e, func(tx *Tx, _ *audit.Entry) error {
		_, err := tx.exec(`
			INSERT INTO datastore (workspace_id, id, name, description, created_at, updated_at, created_by_kind, created_by_id, created_by_label)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			tx.ws, ds.ID, ds.Name, ds.Description, ds.CreatedAt, ds.UpdatedAt, ds.CreatedBy.Kind, ds.CreatedBy.PrincipalID, ds.CreatedBy.Label)
		return err
	})
	if violates(err, "datastore_name") {
		return fault.Field(fault.Conflict, "name", "A datastore of this name exists already.").Because(err)
	}
	return err
}

// Datastores implements datastore.Store.
func (d *DB) Datastores(ctx context.Context, ws authz.WorkspaceID, ids []datastore.ID) (all []datastore.Datastore, err error) {
	err = d.list(ctx, ws, &all, `SELECT `+datastoreColumns+` FROM datastore WHERE workspace_id = $1 AND id = ANY($2::uuid[])`, ws, known(ids))
	return all, err
}

// ListDatastores implements datastore.Store.
func (d *DB) ListDatastores(ctx context.Context, ws authz.WorkspaceID, f datastore.Filter, r page.Request) (page.Page[datastore.Datastore], error) {
	var rows []datastore.Datastore
	like := containing(f.NameContains)
	if err := d.list(ctx, ws, &rows, `SELECT `+datastoreColumns+` FROM datastore
		WHERE workspace_id = $1 AND name > $2 AND name ILIKE $3 ORDER BY name LIMIT $4`, ws, after(r), like, r.Limit()); err != nil {
		return page.Page[datastore.Datastore]{}, err
	}
	total, err := d.count(ctx, ws, r, `SELECT count(*) FROM datastore WHERE workspace_id = $1 AND name ILIKE $2`, ws, like)
	return page.Cut(r, rows, total), err
}

// after is the one text that a list ordered by text goes on from; no text stands before the empty one.
func after(r page.Request) string {
	if r.After == nil {
		return ""
	}
	return r.After[0]
}

// containing is an ILIKE pattern that matches a text anywhere.
func containing(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// known are the ids that could exist at all, as the array parameter of a query.
func known[ID interface {
	~string
	Valid() bool
}](ids []ID) []string {
	valid := make([]string, 0, len(ids))
	for _, id := range ids {
		if id.Valid() {
			valid = append(valid, string(id))
		}
	}
	return valid
}
