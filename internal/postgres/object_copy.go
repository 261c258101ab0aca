package postgres

import (
	"context"
	"errors"
	"strconv"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
)

// CopyVersion implements object.Store.
func (d Objects) CopyVersion(
	ctx context.Context, from object.Source, to object.WriteRequest, e audit.Entry,
) (object.Version, []object.BlobID, error) {
	return d.share(ctx, &from, to, e, func(tx *Tx, _ object.Target) (object.Version, error) {
		return tx.versionOf(from)
	})
}

// RestoreVersion implements object.Store.
func (d Objects) RestoreVersion(
	ctx context.Context, number int32, to object.WriteRequest, e audit.Entry,
) (object.Version, []object.BlobID, error) {
	return d.share(ctx, nil, to, e, func(tx *Tx, at object.Target) (object.Version, error) {
		if err := at.RefuseRestore(number); err != nil {
			return object.Version{}, err
		}

		return tx.versionOf(object.Source{DatastoreID: to.DatastoreID, Key: to.Key, Version: &number})
	})
}

// UpdateMetadata implements object.Store.
func (d Objects) UpdateMetadata(
	ctx context.Context, to object.WriteRequest, e audit.Entry,
) (object.Version, []object.BlobID, error) {
	return d.share(ctx, nil, to, e, func(tx *Tx, _ object.Target) (object.Version, error) {
		v, err := tx.versionOf(object.Source{DatastoreID: to.DatastoreID, Key: to.Key})
		if err != nil {
			return v, err
		}

		if err := to.Only.Check(to.Names.IfVersion, v); err != nil {
			return v, err
		}

		// the database writes numbers in its own way, and says what is the same
		var same bool
		if _, err := tx.get(&same, `SELECT $1::jsonb = $2::jsonb`, objectOr(v.Metadata),
			objectOr(to.Version.Metadata)); err != nil {
			return v, err
		}

		if same {
			return v, errUnchanged
		}

		v.Metadata = to.Version.Metadata
		return v, nil
	})
}

// patience is how often a source is looked for again that was replaced while it was to be shared.
const patience = 5

// errUnchanged says that the current version is as the next one would be.
var errUnchanged = errors.New("postgres: the version is like that already")

// share writes the next version of a key with the bytes of the one that find finds, once the key is locked, and the one
// that they come from if that is another.
func (d Objects) share(ctx context.Context, from *object.Source, to object.WriteRequest, e audit.Entry,
	find func(*Tx, object.Target) (object.Version, error),
) (v object.Version, free []object.BlobID, err error) {
	for range patience {
		free, err = d.freeing(ctx, e.By.Workspace, func(tx *Tx) error {
			at, err := tx.lockForShare(from, to)
			if err != nil {
				return err
			}

			source, err := find(tx, at)
			switch {
			case errors.Is(err, errUnchanged):
				tx.bookkeeping("the object was like that before")
				v = source
				return nil
			case err != nil:
				return err
			}

			made := e
			if from != nil {
				made = e.Fill("source", from.Detail(source.Version))
			}

			source.ID, source.CreatedBy, source.WrittenBy = to.Version.ID, to.Version.CreatedBy, nil
			next := to
			next.Version, next.Shared = source, true
			v, err = tx.writeAt(at, next, "", made)
			return err
		})
		if !errors.Is(err, errBlobGone) {
			return v, free, err
		}
	}

	return v, nil, object.Restless(err)
}

// lockForShare locks the key that is written, and that which the bytes come from if it is another.
func (t *Tx) lockForShare(from *object.Source, to object.WriteRequest) (object.Target, error) {
	if from == nil {
		return t.lockTarget(to.DatastoreID, to.Key)
	}

	return t.lockBoth(place{in: from.DatastoreID, key: from.Key, shared: true}, to.DatastoreID, to.Key)
}

// versionOf reads a version of a key that is locked. Errors: fault.NotFound.
func (t *Tx) versionOf(s object.Source) (object.Version, error) {
	var row versionRow
	found, err := t.get(&row, `SELECT `+versionColumns+` FROM object o
		JOIN datastore d ON d.workspace_id = o.workspace_id AND d.id = o.datastore_id AND d.deleted_at IS NULL
		JOIN object_version v ON v.workspace_id = o.workspace_id AND v.object_id = o.id
		AND v.version = coalesce($4, o.current_version)
		WHERE o.workspace_id = $1 AND o.datastore_id = $2 AND o.key = $3`, t.ws, s.DatastoreID, s.Key, s.Version)
	switch {
	case err != nil:
		return object.Version{}, err
	case !found && s.Version != nil:
		return object.Version{}, object.NotKept()
	case !found:
		return object.Version{}, object.NotFound()
	}

	return row.version()
}

// VersionAt implements object.Store.
func (d Objects) VersionAt(
	ctx context.Context, ws authz.WorkspaceID, of object.ID, number int32,
) (object.Version, bool, error) {
	var row versionRow
	found, err := d.get(ctx, ws, &row, `SELECT `+versionColumns+` FROM object_version v WHERE v.workspace_id = $1
		AND v.object_id = $2 AND v.version = $3`, ws, of, number)
	if err != nil || !found {
		return object.Version{}, false, err
	}

	v, err := row.version()
	return v, err == nil, err
}

type numberedRow struct {
	ordinal
	versionRow
}

func (r numberedRow) version() (object.Version, error) { return r.versionRow.version() }

// objectVersionOrder is newest first.
var objectVersionOrder = page.Order[object.Version]{
	Name:  "objectVersions",
	Start: page.Key{lastVersion},
	Key:   func(v object.Version) page.Key { return page.Key{strconv.Itoa(int(v.Version))} },
}

// ListVersions implements object.Store.
func (d Objects) ListVersions(
	ctx context.Context, ws authz.WorkspaceID, of []object.ID, r page.Request,
) ([]page.Page[object.Version], error) {
	at, orders, err := ordersOf(r, objectVersionOrder, ws, of)
	if err != nil {
		return nil, err
	}

	var rows []numberedRow
	if err := d.list(ctx, ws, &rows, each(`SELECT `+versionColumns+` FROM object_version v
		WHERE v.workspace_id = $1 AND v.object_id = parent.id AND v.version < $3 ORDER BY v.version DESC LIMIT $4`,
		`q.version DESC`),
		ws, inOrder(of), versionNumber(at[0]), r.Limit()); err != nil {
		return nil, err
	}

	return pages(r, orders, rows, numberedRow.version)
}
