package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
)

// Objects stores the index of objects, their versions and blobs: it implements object.Store, object.BlobIndex and
// object.ReconcileStore.
type Objects struct{ Reconciliations }

// Objects returns the store of objects.
func (d *DB) Objects() Objects { return Objects{d.Reconciliations()} }

const versionColumns = `v.id, v.object_id, v.version, v.blob_id, v.size_bytes, v.content_type, v.crc32c, v.md5,
	v.landed_at, v.created_at,
	v.created_by_kind AS "created_by.kind", v.created_by_id AS "created_by.principal_id",
	v.created_by_label AS "created_by.label",
	v.run_id, v.step_id, v.metadata`

const objectQuery = `SELECT o.id AS "object.id", o.datastore_id AS "object.datastore_id", o.key AS "object.key", ` +
	versionColumns + `
	FROM object o CROSS JOIN LATERAL (` + currentVersion + `) v WHERE o.workspace_id = $1`

// currentVersion reads the current version of an object o. It writes equality as a range in the order of one index, so
// that Postgres takes no other index, whatever its statistics say: it may believe that a workspace has one version.
const currentVersion = `SELECT * FROM object_version v WHERE v.workspace_id = o.workspace_id AND v.object_id = o.id
	AND v.version >= o.current_version AND v.version <= o.current_version ORDER BY v.version LIMIT 1`

// reachable holds for an object o whose datastore is not deleted: its objects are out of reach at once, long before
// they are gone. It is no EXISTS, which Postgres may turn into a join that begins with all datastores.
const reachable = `(SELECT d.deleted_at IS NULL FROM datastore d WHERE d.workspace_id = o.workspace_id
	AND d.id >= o.datastore_id AND d.id <= o.datastore_id ORDER BY d.id LIMIT 1)`

// ofReachable holds for a version v of a reachable object.
const ofReachable = `(SELECT ` + reachable + ` FROM object o WHERE o.workspace_id = v.workspace_id
	AND o.id >= v.object_id AND o.id <= v.object_id ORDER BY o.id LIMIT 1)`

type versionRow struct {
	object.Version
	runColumns
}

func (r versionRow) version() (object.Version, error) {
	r.WrittenBy = r.run()
	return r.Version, nil
}

// objectOr is a JSON object, the empty one for none.
func objectOr(raw json.RawMessage) []byte {
	if raw == nil {
		return []byte("{}")
	}

	return raw
}

type objectRow struct {
	ordinal
	versionRow
	Object struct {
		ID          object.ID
		DatastoreID datastore.ID
		Key         string
	}
}

func (r objectRow) object() (object.Object, error) {
	current, err := r.version()
	return object.Object{ID: r.Object.ID, DatastoreID: r.Object.DatastoreID, Key: r.Object.Key, Current: current}, err
}

// turn converts rows to values of the noun, all or none.
func turn[R, T any](rows []R, one func(R) (T, error)) ([]T, error) {
	all := make([]T, len(rows))
	for i, row := range rows {
		var err error
		if all[i], err = one(row); err != nil {
			return nil, fmt.Errorf("reading row: %w", err)
		}
	}

	return all, nil
}

// At implements object.Store.
func (d Objects) At(
	ctx context.Context, ws authz.WorkspaceID, in []datastore.ID, key string,
) ([]object.Object, error) {
	var rows []objectRow
	if err := d.list(ctx, ws, &rows, `SELECT q.* FROM unnest($2::uuid[]) AS parent(id) CROSS JOIN LATERAL (`+
		objectQuery+` AND `+reachable+` AND o.datastore_id = parent.id AND o.key >= $3 AND o.key <= $3
		ORDER BY o.key LIMIT 1) q`, ws, distinct(in), key); err != nil {
		return nil, err
	}

	return turn(rows, objectRow.object)
}

// Get implements object.Store.
func (d Objects) Get(ctx context.Context, ws authz.WorkspaceID, ids []object.ID) ([]object.Object, error) {
	var rows []objectRow
	if err := d.list(ctx, ws, &rows, `SELECT q.* FROM unnest($2::uuid[]) AS wanted(id) CROSS JOIN LATERAL (`+
		objectQuery+` AND `+reachable+` AND o.id >= wanted.id AND o.id <= wanted.id ORDER BY o.id LIMIT 1) q`, ws,
		distinct(ids)); err != nil {
		return nil, err
	}

	return turn(rows, objectRow.object)
}

// Versions implements object.Store.
func (d Objects) Versions(ctx context.Context, ws authz.WorkspaceID, ids []object.VersionID) ([]object.Version, error) {
	var rows []versionRow
	err := d.list(ctx, ws, &rows, byID(versionColumns, `object_version v`, ofReachable), ws, distinct(ids))
	if err != nil {
		return nil, err
	}

	return turn(rows, versionRow.version)
}

var objectOrder = page.Order[object.Object]{
	Name:  "objects",
	Start: page.Key{""},
	Key:   func(o object.Object) page.Key { return page.Key{o.Key} },
}

// List implements object.Store.
func (d Objects) List(
	ctx context.Context, ws authz.WorkspaceID, in []datastore.ID, f object.Filter, r page.Request,
) ([]page.Page[object.Object], error) {
	of := []any{f.Prefix}
	if f.Folder != nil {
		of = append(of, *f.Folder)
	}

	at, orders, err := ordersOf(r, objectOrder, ws, in, of...)
	if err != nil {
		return nil, err
	}

	query, args := objectsIn(ws, in, f, at[0], r.Limit())
	var rows []objectRow
	if err := d.list(ctx, ws, &rows, query, args...); err != nil {
		return nil, err
	}

	return pages(r, orders, rows, objectRow.object)
}

// objectsIn reads a page of each datastore's objects by the index of keys alone, or by that of folders and keys,
// however many there are. It looks once whether the datastore is deleted.
func objectsIn(
	ws authz.WorkspaceID, in []datastore.ID, f object.Filter, after string, limit int,
) (query string, args []any) {
	query = objectQuery + `
		AND (SELECT d.deleted_at IS NULL FROM datastore d
			WHERE d.workspace_id = $1 AND d.id >= parent.id AND d.id <= parent.id ORDER BY d.id LIMIT 1)
		AND o.datastore_id = parent.id AND `
	args = []any{ws, inOrder(in), f.Prefix, after, limit}
	key, at := `o.key`, func(text string) string { return text }
	if f.Folder != nil {
		args = append(args, *f.Folder)
		key, at = `(o.folder, o.key)`, func(text string) string { return `($6, ` + text + `)` }
	}

	query += key + ` >= ` + at(`$3`) + ` AND ` + key + ` > ` + at(`$4`)
	if end := prefixEnd(f.Prefix); end != "" {
		args = append(args, end)
		query += ` AND ` + key + ` < ` + at(`$`+strconv.Itoa(len(args)))
	} else if f.Folder != nil {
		query += ` AND o.folder <= $6`
	}

	return each(query+` ORDER BY `+strings.Trim(key, `()`)+` LIMIT $5`, `q."object.key"`), args
}

// prefixEnd is the first text after all those that start with the prefix, so that an index finds where they end;
// empty where no text is. UTF-8 sorts by bytes as its code points do.
func prefixEnd(prefix string) string {
	runes := []rune(prefix)
	for i := len(runes) - 1; i >= 0; i-- {
		switch next := runes[i] + 1; {
		case next > unicode.MaxRune:
			continue // the last code point has no next: the one before it counts up
		case next == surrogateMin:
			return string(runes[:i]) + string(rune(surrogateMax+1))
		default:
			return string(runes[:i]) + string(next)
		}
	}

	return ""
}

// No text holds code points from surrogateMin to surrogateMax.
const (
	surrogateMin = 0xD800
	surrogateMax = 0xDFFF
)

// ForgetBlob implements object.BlobIndex.
func (d Objects) ForgetBlob(ctx context.Context, ws authz.WorkspaceID, id object.BlobID) error {
	return d.transact(ctx, ws, func(tx *Tx) error {
		tx.bookkeeping("which blobs storage has")
		_, err := tx.exec(`DELETE FROM blob WHERE workspace_id = $1 AND id = $2 AND refs = 0`, ws, id)
		return err
	})
}

// UnusedBlobs implements object.BlobIndex.
func (d Objects) UnusedBlobs(
	ctx context.Context, after object.WorkItem, most int,
) (found []object.WorkItem, err error) {
	err = d.list(ctx, nowhere, &found, `SELECT * FROM blobs_to_drop($1, $2, $3)`, after.Workspace, after.ID, most)
	return found, err
}
