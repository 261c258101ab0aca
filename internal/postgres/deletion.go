package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
)

const deletionColumns = `id, datastore_id, prefix, state, objects_total, objects_deleted, bytes_freed, last_error, created_at, finished_at, ` + createdBy

// below narrows objects to the keys from $3 on that start with it; end is the $4 where they end, empty for nowhere.
func below(prefix string, args ...any) (condition string, all []any) {
	end := prefixEnd(prefix)
	if end == "" {
		return ` AND o.key >= $3`, append(args, prefix)
	}
	return ` AND o.key >= $3 AND o.key < $4`, append(args, prefix, end)
}

// countQuery counts the objects of a datastore below a prefix, and their bytes.
func countQuery(prefix string, ws authz.WorkspaceID, in datastore.ID) (query string, args []any) {
	condition, args := below(prefix, ws, in)
	return `SELECT count(DISTINCT o.id) AS objects, coalesce(sum(v.size_bytes), 0)::bigint AS bytes
		FROM object o JOIN object_version v ON v.workspace_id = o.workspace_id AND v.object_id = o.id
		WHERE o.workspace_id = $1 AND o.datastore_id = $2` + condition, args
}

// CountObjects implements deletion.Store.
func (d *DB) CountObjects(ctx context.Context, ws authz.WorkspaceID, in datastore.ID, prefix string) (n deletion.Count, err error) {
	var there bool
	if _, err := d.get(ctx, ws, &there, `SELECT count(*) > 0 FROM datastore WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL`, ws, in); err != nil {
		return n, err
	}
	if !there {
		return n, datastore.NotFound()
	}
	query, args := countQuery(prefix, ws, in)
	_, err = d.get(ctx, ws, &n, query, args...)
	return n, err
}

// BeginDeletion implements deletion.Store. It ends the datastore's epoch and then counts: nothing can be written into that epoch any more.
func (d *DB) BeginDeletion(ctx context.Context, begun deletion.Deletion, e audit.Entry) (made *deletion.Deletion, n deletion.Count, err error) {
	err = d.write(ctx, e, func(tx *Tx, e *audit.Entry) error {
		var name string
		found, err := tx.get(&name, `UPDATE datastore SET epoch = epoch + 1 WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING name`, tx.ws, begun.DatastoreID)
		if err != nil {
			return err
		}
		if !found {
			return datastore.NotFound()
		}
		query, args := countQuery(*begun.Prefix, tx.ws, begun.DatastoreID)
		if _, err := tx.get(&n, query, args...); err != nil {
			return err
		}
		begun.ObjectsTotal = n.Objects
		*e = e.On("datastore", begun.DatastoreID.String(), name).With("objects", n.Objects).With("usedBytes", n.Bytes)
		made, err = tx.beginDeletion(begun, e.By.From.RequestID)
		return err
	})
	return made, n, err
}

// beginDeletion keeps a deletion of what was written before the current epoch of its datastore, or, of a datastore that is deleted, of everything.
func (t *Tx) beginDeletion(d deletion.Deletion, requestID string) (*deletion.Deletion, error) {
	var made deletion.Deletion
	_, err := t.get(&made, `INSERT INTO deletion (workspace_id, id, datastore_id, prefix, epoch, objects_total, state, finished_at,
			created_by_kind, created_by_id, created_by_label, request_id)
		SELECT $1, $2, $3, $4, CASE WHEN deleted_at IS NULL THEN epoch - 1 ELSE epoch END, $5::bigint,
			CASE WHEN $5::bigint > 0 THEN 'RUNNING' ELSE 'DONE' END, CASE WHEN $5::bigint > 0 THEN NULL ELSE now() END, $6, $7, $8, $9
		FROM datastore WHERE workspace_id = $1 AND id = $3 RETURNING `+deletionColumns,
		t.ws, d.ID, d.DatastoreID, d.Prefix, d.ObjectsTotal, d.CreatedBy.Kind, d.CreatedBy.PrincipalID, d.CreatedBy.Label, requestID)
	return &made, err
}

// Deletions implements deletion.Store.
func (d *DB) Deletions(ctx context.Context, ws authz.WorkspaceID, ids []deletion.ID) (all []deletion.Deletion, err error) {
	err = d.list(ctx, ws, &all, `SELECT `+deletionColumns+` FROM deletion WHERE workspace_id = $1 AND id = ANY($2::uuid[])`, ws, known(ids))
	return all, err
}
