package postgres

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/object"
)

// Rename implements object.Store.
func (d Objects) Rename(ctx context.Context, r object.RenameRequest, e audit.Entry) (o object.Object, err error) {
	err = d.transact(ctx, e.By.Workspace, func(tx *Tx) error {
		at, err := tx.lockBoth(place{in: r.DatastoreID, key: r.Key}, r.DatastoreID, r.NewKey)
		if err != nil {
			return err
		}

		if err := at.RefuseRename(); err != nil {
			return err
		}

		found, err := tx.lockObject(&o, r.DatastoreID, r.Key)
		switch {
		case err != nil:
			return err
		case !found:
			return object.NotFound()
		}

		if err := r.Only().Check("ifVersion", o.Current); err != nil {
			return err
		}

		before := o.Current.Version
		if err := tx.rename(&o, r.NewKey); err != nil {
			return err
		}

		return tx.record(e.FillTarget(o.ID.String(), o.Key).Fill("version", o.Current.Version).
			Fill("versionBefore", before))
	})
	return o, err
}

// numberOffset is above every number: versions take numbers from it on for as long as others get theirs, because no two
// of an object may have the same one even within a statement.
const numberOffset = 1 << 30

// rename gives an object that is locked another key. It marks the key that it had as a deletion does, and has all
// numbers begin above the mark of the new one, unless they do so already. The versions are there anew, for a deletion
// that began before.
func (t *Tx) rename(o *object.Object, key string) error {
	var raised int32
	if _, err := t.get(&raised, `
		WITH marked AS (
			INSERT INTO key_mark AS m (workspace_id, datastore_id, slot, version) VALUES ($1, $2, key_slot($3), $4)
			ON CONFLICT (workspace_id, datastore_id, slot) DO UPDATE SET version = excluded.version
			WHERE m.version < excluded.version
		)
		SELECT greatest(0, 1 + coalesce((SELECT version FROM key_mark
			WHERE workspace_id = $1 AND datastore_id = $2 AND slot = key_slot($5)), 0)
			- (SELECT version FROM object_version WHERE workspace_id = $1 AND object_id = $6 ORDER BY version LIMIT 1))`,
		t.ws, o.DatastoreID, o.Key, o.Current.Version, key, o.ID); err != nil {
		return err
	}

	if _, err := t.exec(`UPDATE object_version SET version = version + $3, epoch = (SELECT epoch FROM datastore
		WHERE workspace_id = $1 AND id = $4) WHERE workspace_id = $1 AND object_id = $2`,
		t.ws, o.ID, numberOffset, o.DatastoreID); err != nil {
		return err
	}

	if _, err := t.exec(`UPDATE object_version SET version = version - $3 WHERE workspace_id = $1 AND object_id = $2`,
		t.ws, o.ID, numberOffset-raised); err != nil {
		return err
	}

	o.Key = key
	o.Current.Version += raised
	_, err := t.exec(`UPDATE object SET key = $3, current_version = $4 WHERE workspace_id = $1 AND id = $2`,
		t.ws, o.ID, o.Key, o.Current.Version)
	return err
}
