package postgres

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
)

type folderRow struct {
	ordinal
	// N counts the folders of a datastore.
	N int64
	object.Folder
}

func (r folderRow) folder() (object.Folder, error) { return r.Folder, nil }

// mostKeys is how many keys are read for one answer by a delimiter that no index serves.
const mostKeys = 10_000

// slash is the delimiter by which each row keeps the folder of its key.
const slash = "/"

// These find the first folder from a text on, and the text after all that is in it: as prefix, beyond and read, how
// many keys were read for it. The prefix is $4, the delimiter $5, the end of the prefix $8.

// bySlash reads a row a folder, however many keys are in it or beside it.
func bySlash(from, _, end string) string {
	return `SELECT ` + folderOf("o.folder") + `, 1 AS read FROM object o
		WHERE ` + keysFrom("o.folder", from, end) + ` AND o.folder > '' AND o.folder > $4 ORDER BY o.folder LIMIT 1`
}

// byKey reads a row a folder, and each key that is in none: as many as are left, and then one that tells it by an
// empty prefix.
func byKey(from, left, end string) string {
	return `SELECT CASE WHEN found THEN prefix ELSE '' END AS prefix, CASE WHEN found THEN beyond END AS beyond, read
		FROM (
			SELECT ` + folderOf("o.key") + `, o.key, o.read, o.read <= ` + left + ` AND strpos(substr(o.key,
				length($4) + 1), $5) > 0 AS found FROM (
				SELECT o.key, row_number() OVER (ORDER BY o.key) AS read FROM (
					SELECT o.key FROM object o WHERE ` + keysFrom("o.key", from, end) + ` ORDER BY o.key LIMIT ` +
		left + ` + 1) o
			) o
		) o WHERE found OR read > ` + left + ` ORDER BY key LIMIT 1`
}

// keysFrom are those of a datastore from a text on, in a column.
func keysFrom(column, from, end string) string {
	where := `o.workspace_id = $1 AND o.datastore_id = parent.id AND ` + column + ` >= ` + from
	if end != "" {
		where += ` AND ` + column + ` < $8`
	}

	return where
}

// folderOf is the folder that the key in a column is in, and the text after all that is in it.
func folderOf(column string) string {
	prefix := fmt.Sprintf(`left(%[1]s, length($4) + strpos(substr(%[1]s, length($4) + 1), $5)`, column)
	return prefix + ` + length($5) - 1) AS prefix, ` + prefix + ` - 1) || $6 AS beyond`
}

var folderOrder = page.Order[object.Folder]{
	Name:  "folders",
	Start: page.Key{""},
	Key:   func(f object.Folder) page.Key { return page.Key{f.Prefix} },
}

// ListFolders implements object.Store.
func (d Objects) ListFolders(
	ctx context.Context, ws authz.WorkspaceID, in []datastore.ID, below object.Below, r page.Request,
) ([]page.Page[object.Folder], error) {
	at, orders, err := ordersOf(r, folderOrder, ws, in, below)
	if err != nil {
		return nil, err
	}

	query, args := foldersIn(ws, in, below, at[0], r.Limit())
	read := d.list
	if below.Delimiter != slash {
		read = d.scan
	}

	var rows []folderRow
	if err := read(ctx, ws, &rows, query, args...); err != nil {
		return nil, err
	}

	// The last of more rows than are asked for only says that there are more.
	if slices.ContainsFunc(rows, func(row folderRow) bool { return row.Prefix == "" && row.N < int64(r.Limit()) }) {
		return nil, object.TooFarBetween(mostKeys / len(in))
	}

	return pages(r, orders, rows, folderRow.folder)
}

// foldersIn steps from folder to folder by an index: what is in a folder is never read.
//
// Where the next step begins is a column of the step before it, never an expression beside the index's column:
// row-level security keeps a condition in which left or || is called from bounding an index, as those may tell of rows
// that the caller must not see, and Postgres has looked ever deeper for such.
func foldersIn(
	ws authz.WorkspaceID, in []datastore.ID, below object.Below, after string, limit int,
) (query string, args []any) {
	from := max(below.Prefix, prefixEnd(after))
	args = []any{ws, inOrder(in), from, below.Prefix, below.Delimiter, prefixEnd(below.Delimiter), limit}
	end := prefixEnd(below.Prefix)
	if end != "" {
		args = append(args, end)
	}

	first := byKey
	if below.Delimiter == slash {
		first = bySlash
	}

	most := strconv.Itoa(max(mostKeys/len(in), 1))
	query = `WITH RECURSIVE folder AS (
			SELECT f.prefix, f.beyond, 1 AS n, f.read FROM (` + first("$3", most, end) + `) f
			UNION ALL
			SELECT f.prefix, f.beyond, folder.n + 1, folder.read + f.read FROM folder
			CROSS JOIN LATERAL (` + first("folder.beyond", `(`+most+` - folder.read)`, end) + `) f WHERE folder.n < $7
		) SELECT prefix, n FROM folder`
	return each(query, `q.n`), args
}
