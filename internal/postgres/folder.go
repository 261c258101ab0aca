package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
)

type folderRow struct {
	ordinal
	object.Folder
}

func (r folderRow) folder() (object.Folder, error) { return r.Folder, nil }

// firstFolder is the folder of the first key that has one, from a text on. The prefix is $4, the delimiter $5, the end of the prefix $8.
func firstFolder(from string, ends bool) string {
	query := `SELECT left(o.key, length($4) + strpos(substr(o.key, length($4) + 1), $5) + length($5) - 1) AS prefix FROM object o
		WHERE o.workspace_id = $1 AND o.datastore_id = parent.id AND o.key >= ` + from + ` AND strpos(substr(o.key, length($4) + 1), $5) > 0`
	if ends {
		query += ` AND o.key < $8`
	}
	return query + ` ORDER BY o.key LIMIT 1`
}

// ListFolders implements object.Store.
func (d *DB) ListFolders(ctx context.Context, ws authz.WorkspaceID, in []datastore.ID, below object.Below, r page.Request) ([]page.Page[object.Folder], error) {
	query, args := foldersIn(ws, in, below, r)
	var rows []folderRow
	if err := d.list(ctx, ws, &rows, query, args...); err != nil {
		return nil, err
	}
	return pages(r, len(in), rows, folderRow.folder)
}

// foldersIn steps from folder to folder by the index of keys: what is in a folder is never read.
func foldersIn(ws authz.WorkspaceID, in []datastore.ID, below object.Below, r page.Request) (query string, args []any) {
	from := below.Prefix
	if r.After != nil {
		from = max(from, prefixEnd(after(r)))
	}
	args = []any{ws, inOrder(in), from, below.Prefix, below.Delimiter, prefixEnd(below.Delimiter), r.Limit()}
	end := prefixEnd(below.Prefix)
	if end != "" {
		args = append(args, end)
	}
	query = `WITH RECURSIVE folder AS (
			SELECT f.prefix, 1 AS n FROM (` + firstFolder("$3", end != "") + `) f
			UNION ALL
			SELECT f.prefix, folder.n + 1 FROM folder
			CROSS JOIN LATERAL (` + firstFolder("left(folder.prefix, -length($5)) || $6", end != "") + `) f WHERE folder.n < $7
		) SELECT prefix FROM folder`
	return each(query, `q.prefix`), args
}
