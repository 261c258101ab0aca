package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/node"
)

const kindsQuery = `
	SELECT 'Workspace' AS kind, id FROM workspace WHERE id = $1 AND id = ANY($2::uuid[])
	UNION ALL SELECT 'Member', id FROM member WHERE workspace_id = $1 AND id = ANY($2::uuid[])
	UNION ALL SELECT 'APIKey', id FROM api_key WHERE workspace_id = $1 AND id = ANY($2::uuid[])
	UNION ALL SELECT 'Datastore', id FROM datastore WHERE workspace_id = $1 AND id = ANY($2::uuid[])
	AND deleted_at IS NULL
	UNION ALL SELECT 'Deletion', id FROM deletion WHERE workspace_id = $1 AND id = ANY($2::uuid[])
	UNION ALL SELECT 'DatastoreObject', o.id FROM object o WHERE o.workspace_id = $1 AND o.id = ANY($2::uuid[]) AND ` +
	reachable + `
	UNION ALL SELECT 'ObjectVersion', v.id FROM object_version v JOIN object o ON o.workspace_id = v.workspace_id
	AND o.id = v.object_id
		WHERE v.workspace_id = $1 AND v.id = ANY($2::uuid[]) AND ` + reachable + `
	UNION ALL SELECT 'Upload', u.id FROM upload u JOIN datastore d ON d.workspace_id = u.workspace_id
	AND d.id = u.datastore_id
		WHERE u.workspace_id = $1 AND u.id = ANY($2::uuid[]) AND d.deleted_at IS NULL
	UNION ALL SELECT 'Secret', id FROM secret WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND ` + visible + `
	UNION ALL SELECT 'RuntimeKey', id FROM runtime_key WHERE workspace_id = $1 AND id = ANY($2::uuid[])
	UNION ALL SELECT 'AuditEvent', id FROM audit_event WHERE workspace_id = $1 AND id = ANY($2::uuid[])`

// Kinds implements node.Store.
func (d *DB) Kinds(ctx context.Context, ws authz.WorkspaceID, ids []node.ID) (map[node.ID]node.Kind, error) {
	var rows []struct {
		Kind node.Kind
		ID   node.ID
	}
	if err := d.list(ctx, ws, &rows, kindsQuery, ws, known(ids)); err != nil {
		return nil, err
	}

	kinds := make(map[node.ID]node.Kind, len(rows))
	for _, row := range rows {
		kinds[row.ID] = row.Kind
	}

	return kinds, nil
}
