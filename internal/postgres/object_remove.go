package postgres

import (
	"context"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
)

// Delete implements object.Store.
func (d Objects) Delete(
	ctx context.Context, in datastore.ID, key string, only object.Precondition, e audit.Entry,
) (o object.Object, free []object.BlobID, err error) {
	free, err = d.freeing(ctx, e.By.Workspace, func(tx *Tx) error {
		found, err := tx.lockObject(&o, in, key)
		if err != nil {
			return err
		}

		if !found {
			return object.NotFound()
		}

		if err := only.Check("ifVersion", o.Current); err != nil {
			return err
		}

		if err := tx.removeObject(o); err != nil {
			return err
		}

		return tx.record(e.FillTarget(o.ID.String(), key).Fill("version", o.Current.Version))
	})
	return o, free, err
}

// lockObject reads the object at a key and keeps others from changing it until the transaction ends.
//
// It locks in one statement and reads in the next: a query that waits for the lock would join the new row with the
// versions from before the wait, and find nothing.
func (t *Tx) lockObject(o *object.Object, in datastore.ID, key string) (bool, error) {
	var id object.ID
	found, err := t.get(&id, `SELECT id FROM object WHERE workspace_id = $1 AND datastore_id = $2 AND key = $3
		FOR UPDATE`, t.ws, in, key)
	if err != nil || !found {
		return false, err
	}

	var row objectRow
	if found, err = t.get(&row, objectQuery+` AND `+reachable+` AND o.id = $2`, t.ws, id); err != nil || !found {
		return false, err
	}

	*o, err = row.object()
	return err == nil, err
}

// removeObject removes an object with all its versions.
func (t *Tx) removeObject(o object.Object) error {
	versions, err := t.versionsUpTo(o.ID, o.Current.Version)
	if err != nil {
		return err
	}

	if err := t.countIn(o.DatastoreID, -1, -sizeOf(versions)); err != nil {
		return err
	}

	change := map[object.BlobID]int64{}
	for _, v := range versions {
		change[v.BlobID]--
	}

	if err := t.refer(change); err != nil {
		return err
	}

	if _, err := t.exec(`DELETE FROM object WHERE workspace_id = $1 AND id = $2`, t.ws, o.ID); err != nil {
		return err
	}

	err = t.count(-1, -sizeOf(versions))
	return err
}

// countIn adds to what a datastore holds.
func (t *Tx) countIn(in datastore.ID, objects, bytes int64) error {
	_, err := t.exec(`UPDATE datastore SET object_count = object_count + $3, used_bytes = used_bytes + $4
		WHERE workspace_id = $1 AND id = $2`, t.ws, in, objects, bytes)
	return err
}

// versionsUpTo are the versions of an object up to a number, in order.
func (t *Tx) versionsUpTo(id object.ID, number int32) (all []object.Version, err error) {
	if number < 1 {
		return nil, nil
	}

	err = t.list(&all, `SELECT version, blob_id, size_bytes FROM object_version WHERE workspace_id = $1
		AND object_id = $2 AND version <= $3 ORDER BY version`, t.ws, id, number)
	return all, err
}

func sizeOf(all []object.Version) (bytes int64) {
	for _, v := range all {
		bytes += v.SizeBytes
	}

	return bytes
}

// refer changes how many versions refer to blobs, and notes those that none refers to any more.
func (t *Tx) refer(change map[object.BlobID]int64) error {
	ids, by := make(pq.StringArray, 0, len(change)), make(pq.Int64Array, 0, len(change))
	for id, n := range change {
		ids, by = append(ids, id.String()), append(by, n)
	}

	var freed []object.BlobID
	err := t.list(&freed, `
		WITH change AS (SELECT * FROM unnest($2::uuid[], $3::bigint[]) AS c (id, by)),
			locked AS MATERIALIZED (`+lockEach(`blob`, `change`, `true`, `UPDATE`)+`),
			referred AS (
				UPDATE blob b SET refs = b.refs + change.by FROM change JOIN locked USING (id)
				WHERE b.workspace_id = $1 AND b.id = change.id RETURNING b.id, b.refs
			)
		SELECT id FROM referred WHERE refs = 0`, t.ws, ids, by)
	t.freed = append(t.freed, freed...)
	return err
}
