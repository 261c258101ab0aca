package postgres

import (
	"context"
	"strings"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
)

const policyColumns = `max_object_bytes, content_types, keep_versions`

const datastoreColumns = `id, name, description, object_count, used_bytes, created_at, updated_at, ` + policyColumns +
	`, ` + createdBy

// policyRow is a policy as its columns have it.
type policyRow struct {
	MaxObjectBytes *int64
	ContentTypes   pq.StringArray
	KeepVersions   int32
}

func (r policyRow) policy() datastore.Policy {
	return datastore.Policy{
		MaxObjectBytes: r.MaxObjectBytes,
		ContentTypes:   append([]string{}, r.ContentTypes...),
		KeepVersions:   r.KeepVersions,
	}
}

type datastoreRow struct {
	datastore.Datastore
	policyRow
}

func (r datastoreRow) datastore() (datastore.Datastore, error) {
	r.Policy = r.policy()
	return r.Datastore, nil
}

// CreateDatastore implements datastore.Store.
func (d *DB) CreateDatastore(ctx context.Context, ds datastore.Datastore, e audit.Entry) error {
	err := d.write(ctx, e, func(tx *Tx, _ *audit.Entry) error {
		_, err := tx.exec(`
			INSERT INTO datastore (workspace_id, id, name, description, created_at, updated_at, created_by_kind,
			created_by_id, created_by_label, `+policyColumns+`)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
			tx.ws, ds.ID, ds.Name, ds.Description, ds.CreatedAt, ds.UpdatedAt, ds.CreatedBy.Kind,
			ds.CreatedBy.PrincipalID, ds.CreatedBy.Label,
			ds.MaxObjectBytes, texts(ds.ContentTypes), ds.KeepVersions)
		return err
	})
	return nameTaken(err)
}

func nameTaken(err error) error {
	if violates(err, "datastore_name") {
		return fault.Field(fault.Conflict, "name", "A datastore of this name exists already.").Because(err)
	}

	return err
}

// UpdateDatastore implements datastore.Store.
func (d *DB) UpdateDatastore(
	ctx context.Context, id datastore.ID, c datastore.UpdateRequest, e audit.Entry,
) (ds datastore.Datastore, err error) {
	err = d.write(ctx, e, func(tx *Tx, e *audit.Entry) error {
		var row datastoreRow
		found, err := tx.get(&row, `UPDATE datastore SET updated_at = now(), name = coalesce($3, name), description =
			CASE WHEN $4 THEN $5 ELSE description END,
				max_object_bytes = CASE WHEN $6 THEN $7 ELSE max_object_bytes END, content_types = coalesce($8,
				content_types), keep_versions = coalesce($9, keep_versions)
			WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING `+datastoreColumns,
			tx.ws, id, c.Name, c.Description != nil, inner(c.Description), c.MaxObjectBytes != nil,
			inner(c.MaxObjectBytes), listed(c.ContentTypes), c.KeepVersions)
		if err == nil && !found {
			return datastore.NotFound()
		}

		*e = e.On("datastore", id.String(), row.Name)
		ds, _ = row.datastore()
		return err
	})
	return ds, nameTaken(err)
}

// inner is what is behind two pointers; nil if either is.
func inner[T any](p **T) *T {
	if p == nil {
		return nil
	}

	return *p
}

// listed is a list as an array; NULL for nil, which is no list.
func listed(all *[]string) any {
	if all == nil {
		return nil
	}

	return texts(*all)
}

// DeleteDatastore implements datastore.Store. It locks in the order in which settling does: uploads, datastore, usage.
func (d *DB) DeleteDatastore(
	ctx context.Context, work datastore.Deletion, force bool, e audit.Entry,
) (begun *datastore.Deletion, err error) {
	err = d.write(ctx, e, func(tx *Tx, e *audit.Entry) error {
		cancelled, bytes, err := tx.cancelUploads(work.DatastoreID)
		if err != nil {
			return err
		}

		var ds datastoreRow
		found, err := tx.get(&ds, `UPDATE datastore SET deleted_at = now() WHERE workspace_id = $1 AND id = $2
			AND deleted_at IS NULL RETURNING `+datastoreColumns,
			tx.ws, work.DatastoreID)
		switch {
		case err != nil:
			return err
		case !found:
			return datastore.NotFound()
		case ds.ObjectCount > 0 && !force:
			return datastore.InUse(ds.ObjectCount)
		}

		*e = e.On("datastore", ds.ID.String(), ds.Name).With("uploadsCancelled", cancelled)
		if ds.ObjectCount > 0 {
			*e = e.With("objects", ds.ObjectCount).With("usedBytes", ds.UsedBytes).With("deletionId", work.ID)
			work.ObjectsTotal = ds.ObjectCount
			if begun, err = tx.beginDeletion(work, e.By.From.RequestID); err != nil {
				return err
			}

			if err := tx.atMost(d.Limits.RunningDeletions, "deletions under way", runningDeletions); err != nil {
				return err
			}
		}

		if _, err := tx.exec(`DELETE FROM key_mark WHERE workspace_id = $1 AND datastore_id = $2`, tx.ws,
			work.DatastoreID); err != nil {
			return err
		}

		return tx.unreserve(bytes)
	})
	return begun, err
}

// Datastores implements datastore.Store.
func (d *DB) Datastores(ctx context.Context, ws authz.WorkspaceID, ids []datastore.ID) ([]datastore.Datastore, error) {
	var rows []datastoreRow
	if err := d.list(ctx, ws, &rows, `SELECT `+datastoreColumns+` FROM datastore WHERE workspace_id = $1
		AND deleted_at IS NULL AND id = ANY($2::uuid[])`, ws, known(ids)); err != nil {
		return nil, err
	}

	return turn(rows, datastoreRow.datastore)
}

// PolicyOf implements upload.Store.
func (d *DB) PolicyOf(ctx context.Context, ws authz.WorkspaceID, in datastore.ID) (datastore.Policy, error) {
	var row policyRow
	found, err := d.get(ctx, ws, &row, `SELECT `+policyColumns+` FROM datastore WHERE workspace_id = $1 AND id = $2
		AND deleted_at IS NULL`, ws, in)
	if err == nil && !found {
		err = datastore.NotFound()
	}

	return row.policy(), err
}

// ListDatastores implements datastore.Store.
func (d *DB) ListDatastores(
	ctx context.Context, ws authz.WorkspaceID, f datastore.Filter, r page.Request,
) (none page.Page[datastore.Datastore], err error) {
	var rows []datastoreRow
	like := containing(f.NameContains)
	if err := d.list(ctx, ws, &rows, `SELECT `+datastoreColumns+` FROM datastore
		WHERE workspace_id = $1 AND deleted_at IS NULL AND name > $2 AND name COLLATE "default" ILIKE $3 ORDER BY name
		LIMIT $4`, ws, after(r), like, r.Limit()); err != nil {
		return none, err
	}

	all, err := turn(rows, datastoreRow.datastore)
	if err != nil {
		return none, err
	}

	total, err := d.count(ctx, ws, r, `SELECT count(*) FROM datastore WHERE workspace_id = $1 AND deleted_at IS NULL
		AND name COLLATE "default" ILIKE $2`, ws, like)
	return page.Cut(r, all, total), err
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
