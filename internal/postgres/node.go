package postgres

import (
	"context"
	"strings"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/node"
)

// Nodes finds what an id names: it implements node.Store.
type Nodes struct{ *DB }

// Nodes returns the store of nodes.
func (d *DB) Nodes() Nodes { return Nodes{d} }

// kindsQuery looks each of the ids $2 up in every table of nodes, by its primary key.
var kindsQuery = `SELECT q.* FROM unnest($2::uuid[]) AS wanted(id) CROSS JOIN LATERAL (` + strings.Join([]string{
	`SELECT 'Workspace' AS kind, id FROM workspace WHERE id = $1 AND id = wanted.id`,
	kindOf(`Member`, `member`, `true`),
	kindOf(`APIKey`, `api_key`, `true`),
	kindOf(`Datastore`, `datastore`, `deleted_at IS NULL`),
	kindOf(`Deletion`, `deletion`, `true`),
	kindOf(`DatastoreObject`, `object o`, reachable),
	kindOf(`ObjectVersion`, `object_version v`, ofReachable),
	kindOf(`Upload`, `upload o`, reachable),
	kindOf(`Secret`, `secret`, visible),
	kindOf(`RuntimeKey`, `runtime_key`, `true`),
	kindOf(`AuditEvent`, `audit_event`, `true`),
}, ` UNION ALL `) + `) q`

func kindOf(kind, table, condition string) string {
	return `(SELECT '` + kind + `', id FROM ` + table + ` WHERE workspace_id = $1 AND id >= wanted.id AND id <= wanted.id
		AND ` + condition + ` ORDER BY id LIMIT 1)`
}

// Kinds implements node.Store.
func (d Nodes) Kinds(ctx context.Context, ws authz.WorkspaceID, ids []node.ID) (map[node.ID]node.Kind, error) {
	var rows []struct {
		Kind node.Kind
		ID   node.ID
	}
	if err := d.list(ctx, ws, &rows, kindsQuery, ws, distinct(ids)); err != nil {
		return nil, err
	}

	kinds := make(map[node.ID]node.Kind, len(rows))
	for _, row := range rows {
		kinds[row.ID] = row.Kind
	}

	return kinds, nil
}
