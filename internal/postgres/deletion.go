package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/workspace"
)

// Deletions stores deletions of many objects, and how far each has come: it implements deletion.Store and
// deletion.WorkStore.
type Deletions struct{ *DB }

// Deletions returns the store of deletions.
func (d *DB) Deletions() Deletions { return Deletions{d} }

// While its objects are counted, a deletion says how many they are at least.
const deletionColumns = `id, datastore_id, prefix, state, objects_deleted, ` + counted +
	` IS NOT NULL AND state = 'RUNNING' AS counting,
	greatest(objects_total, objects_deleted, ` + counted + `) AS objects_total,
	bytes_freed, last_error, created_at, finished_at, ` + createdBy

const counted = `(SELECT c.objects FROM deletion_count c WHERE c.workspace_id = deletion.workspace_id
	AND c.deletion_id = deletion.id)`

// below narrows objects to the keys from $3 on that start with it; end is the $4 where they end, empty for nowhere.
func below(prefix string, args ...any) (condition string, all []any) {
	end := prefixEnd(prefix)
	if end == "" {
		return ` AND o.key >= $3`, append(args, prefix)
	}

	return ` AND o.key >= $3 AND o.key < $4`, append(args, prefix, end)
}

// Begin implements deletion.Store. It runs as many statements, and reads as many rows, whatever there is:
// writers of the datastore wait for it.
func (d Deletions) Begin(
	ctx context.Context, begun deletion.Deletion, e audit.Entry,
) (made *deletion.Deletion, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		var name string
		found, err := tx.get(&name, `UPDATE datastore SET epoch = epoch + 1 WHERE workspace_id = $1 AND id = $2
			AND deleted_at IS NULL RETURNING name`, tx.ws, begun.DatastoreID)
		if err != nil {
			return err
		}

		if !found {
			return datastore.NotFound()
		}

		condition, args := below(*begun.Prefix, tx.ws, begun.DatastoreID)
		var one object.ID
		exists, err := tx.get(&one, `SELECT o.id FROM object o WHERE o.workspace_id = $1 AND o.datastore_id = $2`+
			condition+` ORDER BY o.key LIMIT 1`, args...)
		if err != nil {
			return err
		}

		begun.ObjectsTotal = max(begun.ObjectsTotal, 1)
		if !exists {
			begun.ObjectsTotal, begun.Counting = 0, false
		}

		if begun.Counting {
			if _, err := tx.exec(`INSERT INTO deletion_count (workspace_id, deletion_id) VALUES ($1, $2)`, tx.ws,
				begun.ID); err != nil {
				return err
			}
		}

		if made, err = tx.beginDeletion(begun, e.By.From.RequestID); err != nil {
			return err
		}

		if err := tx.atMost(d.Limits.RunningDeletions, workspace.RunningDeletions); err != nil {
			return err
		}

		return tx.record(e.FillTarget(begun.DatastoreID.String(), name))
	})
	return made, err
}

// beginDeletion keeps a deletion of what was written before the current epoch of its datastore, or, of a datastore
// that is deleted, of everything.
func (t *Tx) beginDeletion(d deletion.Deletion, requestID string) (*deletion.Deletion, error) {
	var made deletion.Deletion
	_, err := t.get(&made, `
		INSERT INTO deletion (workspace_id, id, datastore_id, prefix, epoch, objects_total, state, finished_at,
			created_by_kind, created_by_id, created_by_label, request_id)
		SELECT $1, $2, $3, $4,
			CASE WHEN deleted_at IS NULL THEN epoch - 1 ELSE epoch END,
			$5::bigint,
			CASE WHEN $5::bigint > 0 THEN 'RUNNING' ELSE 'DONE' END,
			CASE WHEN $5::bigint > 0 THEN NULL ELSE now() END,
			$6, $7, $8, $9
		FROM datastore
		WHERE workspace_id = $1 AND id = $3
		RETURNING `+deletionColumns,
		t.ws, d.ID, d.DatastoreID, d.Prefix, d.ObjectsTotal, d.CreatedBy.Kind, d.CreatedBy.PrincipalID,
		d.CreatedBy.Label, requestID)
	return &made, err
}

// Get implements deletion.Store.
func (d Deletions) Get(
	ctx context.Context, ws authz.WorkspaceID, ids []deletion.ID,
) (all []deletion.Deletion, err error) {
	err = d.list(ctx, ws, &all, byID(deletionColumns, `deletion`, `true`), ws, distinct(ids))
	return all, err
}
