package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/erasure"
	"github.com/provenanceone/data-api/internal/object"
)

// letIn are the tables by whose rows somebody is let in.
var letIn = []string{"api_key", "member", "runtime_key", "trusted_only_key"}

// EndAccess implements erasure.Database. What is written is what is dropped: one statement does both.
func (o *Owner) EndAccess(ctx context.Context, id authz.WorkspaceID, to erasure.Sink) error {
	all, err := o.tables(ctx)
	if err != nil {
		return err
	}

	return o.in(ctx, id, sql.LevelDefault, func(tx *sqlx.Tx) error {
		for _, t := range all {
			if !slices.Contains(letIn, t.Name) {
				continue
			}

			if err := writeRows(ctx, tx, t.Name, to, `WITH gone AS (DELETE FROM `+t.Name+` WHERE workspace_id = $1 RETURNING *)
				SELECT to_jsonb(t) - $2::text[] FROM gone t ORDER BY `+t.PrimaryKey, id, t.Hidden); err != nil {
				return err
			}
		}

		if err := to.Flush(); err != nil {
			return err
		}

		_, err := tx.ExecContext(ctx, `UPDATE upkeep.workspace_deletion SET access_ended_at = clock_timestamp()
			WHERE id = $1`, id)
		return err
	})
}

// Export implements erasure.Database. It also drops what a request under way has let in after all.
func (o *Owner) Export(
	ctx context.Context, id authz.WorkspaceID, region string, to erasure.Sink,
) (blobs []object.Place, err error) {
	all, err := o.tables(ctx)
	if err != nil {
		return nil, err
	}

	err = o.in(ctx, id, sql.LevelRepeatableRead, func(tx *sqlx.Tx) error {
		for _, t := range all {
			if slices.Contains(letIn, t.Name) {
				_, err = tx.ExecContext(ctx, `DELETE FROM `+t.Name+` WHERE workspace_id = $1`, id)
			} else {
				err = t.write(ctx, tx, id, to)
			}

			if err != nil {
				return err
			}
		}

		if err := writeRows(ctx, tx, "objects", to, listObjects, id); err != nil {
			return err
		}

		var ids []object.BlobID
		err := tx.SelectContext(ctx, &ids, `SELECT DISTINCT blob_id FROM object_version WHERE workspace_id = $1
			ORDER BY blob_id`, id)
		for _, id := range ids {
			blobs = append(blobs, object.BlobPlace(region, id))
		}

		return err
	})
	return blobs, err
}

// listObjects are the versions of objects, as their datastores have them.
const listObjects = `SELECT jsonb_build_object('datastore', d.name, 'key', o.key, 'version', v.version,
		'current', v.version = o.current_version, 'sizeBytes', v.size_bytes, 'contentType', v.content_type,
		'crc32c', v.crc32c, 'md5', v.md5, 'blob', 'blobs/' || v.blob_id)
	FROM object_version v JOIN object o ON o.workspace_id = v.workspace_id AND o.id = v.object_id
	JOIN datastore d ON d.workspace_id = o.workspace_id AND d.id = o.datastore_id
	WHERE v.workspace_id = $1 ORDER BY d.name, d.id, o.key, v.version`

// write hands over the rows of a workspace in the order of the primary key.
func (t tenantTable) write(ctx context.Context, tx *sqlx.Tx, id authz.WorkspaceID, to erasure.Sink) error {
	return writeRows(ctx, tx, t.Name, to, `SELECT to_jsonb(t) - $2::text[] FROM `+pq.QuoteIdentifier(t.Name)+
		` t WHERE `+t.Key+` = $1 ORDER BY `+t.PrimaryKey, id, t.Hidden)
}

func writeRows(ctx context.Context, tx *sqlx.Tx, name string, to erasure.Sink, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}

	defer func() { _ = rows.Close() }()

	if err := to.Row(name, nil); err != nil {
		return err
	}

	for rows.Next() {
		var row []byte
		if err := rows.Scan(&row); err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}

		if err := to.Row(name, row); err != nil {
			return err
		}
	}

	return rows.Err()
}
