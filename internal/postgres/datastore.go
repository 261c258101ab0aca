package postgres

import (
	"context"
	"strings"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/workspace"
)

// Datastores stores datastores with their policies: it implements datastore.Store.
type Datastores struct{ *DB }

// Datastores returns the store of datastores.
func (d *DB) Datastores() Datastores { return Datastores{d} }

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

// Create implements datastore.Store.
func (d Datastores) Create(
	ctx context.Context, ds datastore.Datastore, labels []label.Label, e audit.Entry,
) error {
	err := d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		statement, arguments := columns{
			{"workspace_id", tx.ws},
			{"id", ds.ID},
			{"name", ds.Name},
			{"description", ds.Description},
			{"created_at", ds.CreatedAt},
			{"updated_at", ds.UpdatedAt},
			{"max_object_bytes", ds.MaxObjectBytes},
			{"content_types", texts(ds.ContentTypes)},
			{"keep_versions", ds.KeepVersions},
		}.createdBy(ds.CreatedBy).insert("datastore")
		if _, err := tx.exec(statement, arguments...); err != nil {
			return err
		}

		if err := tx.addLabels(datastoreLabels, ds.ID.String(), labels); err != nil {
			return err
		}

		return tx.record(e)
	})
	return nameTaken(err)
}

func nameTaken(err error) error {
	if violates(err, "datastore_name") {
		return datastore.NameTaken().Because(err)
	}

	return err
}

// Update implements datastore.Store.
func (d Datastores) Update(
	ctx context.Context, id datastore.ID, c datastore.UpdateRequest, e audit.Entry,
) (ds datastore.Datastore, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		var row datastoreRow
		found, err := tx.get(&row, `SELECT `+datastoreColumns+` FROM datastore
			WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE`, tx.ws, id)
		switch {
		case err != nil:
			return err
		case !found:
			return datastore.NotFound()
		}

		ds, _ = row.datastore()
		has, err := tx.labelsBefore(datastoreLabels, id.String(), c.Labels)
		if err != nil {
			return err
		}

		c, changes := c.Beyond(ds, has)
		if !changes {
			tx.bookkeeping("the datastore was like that before")
			return nil
		}

		if _, err := tx.get(&row, `UPDATE datastore SET updated_at = now(), name = coalesce($3, name), description =
			CASE WHEN $4 THEN $5 ELSE description END,
				max_object_bytes = CASE WHEN $6 THEN $7 ELSE max_object_bytes END, content_types = coalesce($8,
				content_types), keep_versions = coalesce($9, keep_versions)
			WHERE workspace_id = $1 AND id = $2 RETURNING `+datastoreColumns,
			tx.ws, id, c.Name, c.Description != nil, inner(c.Description), c.MaxObjectBytes != nil,
			inner(c.MaxObjectBytes), listed(c.ContentTypes), c.KeepVersions); err != nil {
			return err
		}

		ds, _ = row.datastore()
		if e, err = tx.changeLabels(datastoreLabels, id.String(), c.Labels, e); err != nil {
			return err
		}

		return tx.record(e.FillTarget(id.String(), row.Name))
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

// Delete implements datastore.Store. It locks in the order in which settling does: uploads, datastore, usage.
func (d Datastores) Delete(
	ctx context.Context, work datastore.Deletion, force bool, e audit.Entry,
) (begun *datastore.Deletion, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
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
		}

		if err := ds.RefuseDelete(force); err != nil {
			return err
		}

		e = e.FillTarget(ds.ID.String(), ds.Name).Fill("uploadsCancelled", cancelled)
		if ds.ObjectCount > 0 {
			e = e.Fill("objects", ds.ObjectCount).Fill("usedBytes", ds.UsedBytes).Fill("deletionId", work.ID)
			work.ObjectsTotal = ds.ObjectCount
			if begun, err = tx.beginDeletion(work, e.By.From.RequestID); err != nil {
				return err
			}

			if err := tx.atMost(d.Limits.RunningDeletions, workspace.RunningDeletions); err != nil {
				return err
			}
		}

		if _, err := tx.exec(`DELETE FROM key_mark WHERE workspace_id = $1 AND datastore_id = $2`, tx.ws,
			work.DatastoreID); err != nil {
			return err
		}

		if err := tx.dropLabels(datastoreLabels, work.DatastoreID.String()); err != nil {
			return err
		}

		if err := tx.unreserve(bytes); err != nil {
			return err
		}

		return tx.record(e)
	})
	return begun, err
}

// Get implements datastore.Store.
func (d Datastores) Get(ctx context.Context, ws authz.WorkspaceID, ids []datastore.ID) ([]datastore.Datastore, error) {
	var rows []datastoreRow
	query := byID(datastoreColumns, `datastore`, `deleted_at IS NULL`)
	if err := d.list(ctx, ws, &rows, query, ws, distinct(ids)); err != nil {
		return nil, err
	}

	return turn(rows, datastoreRow.datastore)
}

var likeEscapes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// containing is an ILIKE pattern that matches a text anywhere.
func containing(text string) string {
	return "%" + likeEscapes.Replace(text) + "%"
}
