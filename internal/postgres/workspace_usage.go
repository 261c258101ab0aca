package postgres

import (
	"cmp"

	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
)

// Whoever changes what a workspace holds locks its usage row until the commit, so that the quota is held exactly; that
// comes last, for others wait.

// count adds to what the workspace holds.
func (t *Tx) count(objects, bytes int64) (held workspace.Usage, err error) {
	_, err = t.get(&held, `UPDATE workspace_usage SET object_count = object_count + $2, used_bytes = used_bytes + $3
		WHERE workspace_id = $1 RETURNING used_bytes, reserved_bytes, limit_bytes`, t.ws, objects, bytes)
	return held, err
}

// grow counts what was written to a key. Errors: fault.QuotaExceeded if there was no room for it.
func (t *Tx) grow(n object.WriteRequest, objects, bytes int64) error {
	if err := t.countIn(n.DatastoreID, objects, bytes); err != nil {
		return err
	}

	held, err := t.count(objects, bytes)
	if err != nil || n.Reserved || bytes <= 0 {
		return err
	}

	held.UsedBytes -= bytes
	return held.RefuseMore(n.Names.Size, bytes)
}

// reserve takes the bytes of an upload that was inserted from the quota.
func (t *Tx) reserve(u upload.Upload) error {
	var held workspace.Usage
	if _, err := t.get(&held, `UPDATE workspace_usage SET reserved_bytes = reserved_bytes + $2 WHERE workspace_id = $1
		RETURNING used_bytes, reserved_bytes, limit_bytes`, t.ws, u.MaxBytes); err != nil {
		return err
	}

	if err := t.checkOpen(u); err != nil {
		return err
	}

	held.ReservedBytes -= u.MaxBytes
	return held.RefuseMore("maxBytes", u.MaxBytes)
}

// checkOpen counts what is open, once the usage row is locked: a statement of its own, which sees what whoever had the
// lock before has committed.
func (t *Tx) checkOpen(u upload.Upload) error {
	var open upload.OpenCounts
	_, err := t.get(&open, `SELECT count(*) AS of_workspace, count(*) FILTER (WHERE datastore_id = $2
		AND key = $3) AS of_key
		FROM upload WHERE workspace_id = $1 AND state = 'OPEN'`, t.ws, u.DatastoreID, u.Key)
	return cmp.Or(err, open.Refuse())
}

// unreserve gives reserved bytes back to the workspace.
func (t *Tx) unreserve(bytes int64) error {
	_, err := t.exec(`UPDATE workspace_usage SET reserved_bytes = reserved_bytes - $2 WHERE workspace_id = $1`,
		t.ws, bytes)
	return err
}
