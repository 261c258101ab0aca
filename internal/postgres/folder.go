package postgres

import (
	"context"
	"fmt"

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

// slash is the delimiter by which each row keeps the folder of its key.
const slash = "/"

// foldersBy say where folders below a prefix are looked for: in a column, among the rows that have one.
type foldersBy struct{ column, having string }

var (
	// bySlash reads a row a folder, however many keys are in it or beside it.
	bySlash = foldersBy{"o.folder", "o.folder > '' AND o.folder > $4"}
	// byKey reads a row a folder, and each key that is in none.
	byKey = foldersBy{"o.key", "strpos(substr(o.key, length($4) + 1), $5) > 0"}
)

// first is the first folder from a text on, and the text after all that is in it. The prefix is $4, the delimiter $5,
// the end of the prefix $8.
func (f foldersBy) first(from string, ends bool) string {
	query := fmt.Sprintf(`SELECT left(%[1]s, length($4) + strpos(substr(%[1]s, length($4) + 1), $5) + length($5) - 1) AS prefix FROM object o
		WHERE o.workspace_id = $1 AND o.datastore_id = parent.id AND %[1]s >= %[2]s AND %[3]s`, f.column, from, f.having)
	if ends {
		query += ` AND ` + f.column + ` < $8`
	}
	return `SELECT prefix, left(prefix, -length($5)) || $6 AS beyond FROM (` + query + ` ORDER BY ` + f.column + `
		LIMIT 1) o`
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

// foldersIn steps from folder to folder by an index: what is in a folder is never read.
//
// Where the next step begins is a column of the step before it, never an expression beside the index's column:
// row-level security keeps a condition in which left or || is called from bounding an index, as those may tell of rows
// that the caller must not see, and Postgres has looked ever deeper for such.
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
	by := byKey
	if below.Delimiter == slash {
		by = bySlash
	}
	query = `WITH RECURSIVE folder AS (
			SELECT f.prefix, f.beyond, 1 AS n FROM (` + by.first("$3", end != "") + `) f
			UNION ALL
			SELECT f.prefix, f.beyond, folder.n + 1 FROM folder
			CROSS JOIN LATERAL (` + by.first("folder.beyond", end != "") + `) f WHERE folder.n < $7
		) SELECT prefix FROM folder`
	return each(query, `q.prefix`), args
}
