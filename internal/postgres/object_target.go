package postgres

import (
	"cmp"
	"time"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
)

// Whoever writes locks the key, its object and that of a source, the datastore, blobs by their ids, and the workspace's
// usage, in this order, as do all who lock several of them. While a key is locked its object gets no other key: whoever
// waited for an object by its key would have it afterwards, at whatever key it is by then.

// lockTarget locks a key, its object and its datastore.
func (t *Tx) lockTarget(in datastore.ID, key string) (object.Target, error) {
	// it keeps two first writes of one key apart, which have no row to lock yet
	if _, err := t.exec(`SELECT `+keyLock(false, `$1`, `$2`), in.String(), key); err != nil {
		return object.Target{}, err
	}

	return t.targetAt(in, key)
}

// place is a key that is locked with its object; shared if what is there is only read.
type place struct {
	in     datastore.ID
	key    string
	shared bool
}

// lockBoth is lockTarget for what comes from another key, which it locks, too. It locks keys, and then objects, in the
// order of datastores and keys, as deletions do.
func (t *Tx) lockBoth(from place, in datastore.ID, key string) (at object.Target, err error) {
	first, second := place{in: in, key: key}, from
	if cmp.Or(cmp.Compare(from.in, in), cmp.Compare(from.key, key)) < 0 {
		first, second = second, first
	}

	if _, err := t.exec(`SELECT `+keyLock(first.shared, `$1`, `$2`)+`, `+keyLock(second.shared, `$3`, `$4`),
		first.in.String(), first.key, second.in.String(), second.key); err != nil {
		return at, err
	}

	for _, p := range []place{first, second} {
		strength := `UPDATE`
		if p.shared {
			strength = `SHARE`
		}

		if _, err := t.exec(`SELECT FROM object WHERE workspace_id = $1 AND datastore_id = $2 AND key = $3 FOR `+strength,
			t.ws, p.in, p.key); err != nil {
			return at, err
		}
	}

	return t.targetAt(in, key)
}

// keyLock takes the lock of a key, until the transaction ends.
func keyLock(shared bool, in, key string) string {
	kind := ``
	if shared {
		kind = `_shared`
	}

	return `pg_advisory_xact_lock` + kind + `(hashtextextended(` + in + ` || '/' || ` + key + `, 0))`
}

// targetQuery locks the object at a key, and then the datastore, and reads what decides about a write: of the version
// before no more than that.
const targetQuery = `WITH o AS (
		SELECT workspace_id, id, current_version FROM object
		WHERE workspace_id = $1 AND datastore_id = $2 AND key >= $3 AND key <= $3 ORDER BY key LIMIT 1 FOR UPDATE
	), place AS (
		SELECT max_object_bytes, content_types, keep_versions FROM datastore
		WHERE workspace_id = $1 AND id >= $2 AND id <= $2 AND deleted_at IS NULL AND (SELECT count(*) FROM o) >= 0
		ORDER BY id LIMIT 1 FOR NO KEY UPDATE
	)
	SELECT place.keep_versions IS NOT NULL AS exists, max_object_bytes, coalesce(content_types, '{}') AS content_types,
		coalesce(keep_versions, 0) AS keep_versions, o.id AS object_id, v.id AS version_id, v.version, v.landed_at
	FROM (SELECT) one LEFT JOIN place ON true LEFT JOIN o ON true
		LEFT JOIN LATERAL (` + currentVersion + `) v ON true`

type targetRow struct {
	policyRow
	Exists    bool
	ObjectID  *object.ID
	VersionID *object.VersionID
	Version   *int32
	LandedAt  *time.Time
}

// targetAt locks the object at a key that is locked, and the datastore, and reads what decides.
//
// A statement that waited for the object's lock has the object as it is now, and the versions from before the wait. If
// the current one is not among them, a second one finds it: nobody else has the lock then.
func (t *Tx) targetAt(in datastore.ID, key string) (at object.Target, err error) {
	var row targetRow
	for range 2 {
		row = targetRow{}
		if _, err := t.get(&row, targetQuery, t.ws, in, key); err != nil {
			return at, err
		}

		if row.ObjectID == nil || row.VersionID != nil {
			break
		}
	}

	at = object.Target{Policy: row.policy(), Exists: row.Exists}
	if row.Exists && row.VersionID != nil { // what is in a deleted datastore is out of reach
		at.Before.ID = *row.ObjectID
		at.Before.Current = object.Version{ID: *row.VersionID, Version: *row.Version, LandedAt: row.LandedAt}
	}

	return at, nil
}
