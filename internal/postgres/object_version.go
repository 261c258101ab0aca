package postgres

import (
	"cmp"
	"errors"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
)

// writeVersion makes the bytes of a blob the next version of a key. Whatever becomes an object becomes one here: what
// was uploaded, copied or restored, and what a step writes.
//
// It locks the key, its object and that of a source, the datastore, blobs by their ids, and the workspace's usage, in
// this order, as do all who lock several of them.
// Versions beyond those that the datastore keeps are dropped.
//
// Errors: object.RefusedError, with nothing written; fault.QuotaExceeded; errBlobGone.
func (t *Tx) writeVersion(n object.WriteRequest) (object.Version, error) {
	at, err := t.lockTarget(n.DatastoreID, n.Key)
	if err != nil {
		return n.Version, err
	}

	return t.writeAt(at, n)
}

func (t *Tx) lockTarget(in datastore.ID, key string) (object.Target, error) {
	return t.lockBoth(nil, in, key)
}

// lockBoth is lockTarget for the bytes of another key, whose object nobody changes until then either. It locks objects
// in the order of datastores and keys, as deletions do.
func (t *Tx) lockBoth(from *object.Source, in datastore.ID, key string) (at object.Target, err error) {
	if err := t.lockKey(in, key); err != nil {
		return at, err
	}

	sourceFirst := from != nil && cmp.Or(cmp.Compare(from.DatastoreID, in), cmp.Compare(from.Key, key)) < 0
	if sourceFirst {
		err = t.lockSource(*from)
	}

	if err == nil {
		_, err = t.lockObject(&at.Before, in, key)
	}

	if err == nil && from != nil && !sourceFirst {
		err = t.lockSource(*from)
	}

	if err != nil {
		return at, err
	}

	var row policyRow
	at.Exists, err = t.get(&row, `SELECT max_object_bytes, content_types, keep_versions FROM datastore
		WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL FOR NO KEY UPDATE`, t.ws, in)
	at.Policy = row.policy()
	return at, err
}

func (t *Tx) lockSource(s object.Source) error {
	_, err := t.exec(`SELECT FROM object WHERE workspace_id = $1 AND datastore_id = $2 AND key = $3 FOR SHARE`,
		t.ws, s.DatastoreID, s.Key)
	return err
}

// lockKey keeps two first writes of one key apart, which have no row to lock yet.
func (t *Tx) lockKey(in datastore.ID, key string) error {
	_, err := t.exec(`SELECT pg_advisory_xact_lock(hashtextextended($1 || $2, 0))`, in.String()+"/", key)
	return err
}

// writeAt is writeVersion at a key that is locked.
func (t *Tx) writeAt(at object.Target, n object.WriteRequest) (object.Version, error) {
	if err := n.Refuse(at); err != nil {
		return n.Version, err
	}

	v, current := n.Version, at.Before.Current
	v.ObjectID, v.Version, v.LandedAt = at.Before.ID, current.Version+1, n.LandedAt
	if v.LandedAt == nil {
		v.LandedAt = current.LandedAt
	}

	var objects int64
	if v.ObjectID == "" {
		v.ObjectID, objects = ident.New[object.Object](), 1
	}

	gone, err := t.versionsUpTo(v.ObjectID, v.Version-at.KeepVersions)
	if err != nil {
		return v, err
	}

	if err := t.replace(n, &v, gone); err != nil {
		return v, err
	}

	return v, t.grow(n, objects, v.SizeBytes-sizeOf(gone))
}

// written fills in what object.AwaitsVersion leaves open.
func written(e audit.Entry, key string, v object.Version) audit.Entry {
	return e.FillTarget(v.ObjectID.String(), key).Fill("version", v.Version).Fill("sizeBytes", v.SizeBytes)
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

// replace inserts a version, deletes those that the datastore keeps no longer, and sets when the new one was made.
func (t *Tx) replace(n object.WriteRequest, v *object.Version, gone []object.Version) error {
	change := map[object.BlobID]int64{}
	for _, old := range gone {
		change[old.BlobID]--
	}

	if n.Shared {
		change[v.BlobID]++
	} else if _, err := t.exec(`INSERT INTO blob (workspace_id, id, refs) VALUES ($1, $2, 1)`, t.ws, v.BlobID); err != nil {
		return err
	}

	if err := t.refer(change); err != nil {
		return err
	}

	// A trigger has the numbers of a key that was deleted go on.
	if _, err := t.get(&v.Version, `INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (workspace_id, id) DO UPDATE SET current_version = $5 RETURNING current_version`,
		t.ws, v.ObjectID, n.DatastoreID, n.Key, v.Version); err != nil {
		return err
	}

	if err := t.insertVersion(v); err != nil || len(gone) == 0 {
		return err
	}

	_, err := t.exec(`DELETE FROM object_version WHERE workspace_id = $1 AND object_id = $2 AND version <= $3`, t.ws,
		v.ObjectID, gone[len(gone)-1].Version)
	return err
}

func (t *Tx) insertVersion(v *object.Version) error {
	runID, stepID := columnsOf(v.WrittenBy)
	statement, arguments := columns{
		{"workspace_id", t.ws},
		{"id", v.ID},
		{"object_id", v.ObjectID},
		{"version", v.Version},
		{"blob_id", v.BlobID},
		{"size_bytes", v.SizeBytes},
		{"content_type", v.ContentType},
		{"crc32c", v.CRC32C},
		{"md5", v.MD5},
		{"metadata", objectOr(v.Metadata)},
		{"landed_at", v.LandedAt},
		{"run_id", runID},
		{"step_id", stepID},
	}.createdBy(v.CreatedBy).insert("object_version")
	_, err := t.get(&v.CreatedAt, statement+` RETURNING created_at`, arguments...)
	return err
}

// errBlobGone says that nothing refers to a blob any more that was to be shared: storage may have dropped it.
var errBlobGone = errors.New("postgres: the blob is not referred to any more")

// refer changes how many versions refer to blobs, and notes those that none refers to any more. Errors: errBlobGone.
func (t *Tx) refer(change map[object.BlobID]int64) error {
	if len(change) == 0 {
		return nil
	}

	ids, by := make(pq.StringArray, 0, len(change)), make(pq.Int64Array, 0, len(change))
	for id, n := range change {
		ids, by = append(ids, id.String()), append(by, n)
	}

	var rows []struct {
		ID   object.BlobID
		Refs int64
	}
	if err := t.list(&rows, `
		WITH change AS (SELECT * FROM unnest($2::uuid[], $3::bigint[]) AS c (id, by)),
			locked AS MATERIALIZED (`+lockEach(`blob`, `change`, `true`, `UPDATE`)+`)
		UPDATE blob b SET refs = b.refs + change.by FROM change JOIN locked USING (id)
		WHERE b.workspace_id = $1 AND b.id = change.id RETURNING b.id, b.refs`, t.ws, ids, by); err != nil {
		return err
	}

	for _, row := range rows {
		switch {
		case row.Refs == 0:
			t.freed = append(t.freed, row.ID)
		case change[row.ID] > 0 && row.Refs == change[row.ID]: // it had none
			return errBlobGone
		}
	}

	if len(rows) < len(change) {
		return errBlobGone
	}

	return nil
}
