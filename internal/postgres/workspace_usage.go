package postgres

import (
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

// Whoever changes what a workspace holds locks its usage row until the commit, so that the quota is held exactly; that
// comes last, for others wait.

// room is what a workspace holds, and may.
type room struct {
	UsedBytes, ReservedBytes int64
	LimitBytes               *int64
}

// check returns fault.QuotaExceeded, naming the field, unless there is room for that many more bytes.
func (r room) check(field string, more int64) error {
	if r.LimitBytes == nil || r.UsedBytes+r.ReservedBytes+more <= *r.LimitBytes {
		return nil
	}

	return fault.Field(fault.QuotaExceeded, field, "The workspace has no room for %d more bytes.", more).
		With("limitBytes", *r.LimitBytes).With("usedBytes", r.UsedBytes).With("reservedBytes", r.ReservedBytes)
}

// count adds to what the workspace holds.
func (t *Tx) count(objects, bytes int64) (r room, err error) {
	_, err = t.get(&r, `UPDATE workspace_usage SET object_count = object_count + $2, used_bytes = used_bytes + $3
		WHERE workspace_id = $1 RETURNING used_bytes, reserved_bytes, limit_bytes`, t.ws, objects, bytes)
	return r, err
}

// grow counts what was written to a key. Errors: fault.QuotaExceeded if there was no room for it.
func (t *Tx) grow(n object.Next, objects, bytes int64) error {
	if err := t.countIn(n.DatastoreID, objects, bytes); err != nil {
		return err
	}

	r, err := t.count(objects, bytes)
	if err != nil || n.Reserved || bytes <= 0 {
		return err
	}

	r.UsedBytes -= bytes
	return r.check(n.Names.Size, bytes)
}

// reserve takes the bytes of an upload that was inserted from the quota.
func (t *Tx) reserve(u upload.Upload) error {
	var r room
	if _, err := t.get(&r, `UPDATE workspace_usage SET reserved_bytes = reserved_bytes + $2 WHERE workspace_id = $1
		RETURNING used_bytes, reserved_bytes, limit_bytes`, t.ws, u.MaxBytes); err != nil {
		return err
	}

	if err := t.checkOpen(u); err != nil {
		return err
	}

	r.ReservedBytes -= u.MaxBytes
	return r.check("maxBytes", u.MaxBytes)
}

// checkOpen counts what is open, once the usage row is locked: a statement of its own, which sees what whoever had the
// lock before has committed.
func (t *Tx) checkOpen(u upload.Upload) error {
	var open struct{ OfWorkspace, OfKey int }
	_, err := t.get(&open, `SELECT count(*) AS of_workspace, count(*) FILTER (WHERE datastore_id = $2
		AND key = $3) AS of_key
		FROM upload WHERE workspace_id = $1 AND state = 'OPEN'`, t.ws, u.DatastoreID, u.Key)
	switch {
	case err != nil:
		return err
	case open.OfKey > upload.MaxOpenOfKey:
		return fault.Field(fault.Conflict, "key", "This key has %d open uploads already: complete one, or wait until "+
			"it expires.", open.OfKey-1)
	case open.OfWorkspace > upload.MaxOpenOfWorkspace:
		return fault.New(fault.Conflict, "The workspace has %d open uploads already: complete some, or wait until "+
			"they expire.", open.OfWorkspace-1)
	}

	return nil
}

// unreserve gives reserved bytes back to the workspace.
func (t *Tx) unreserve(bytes int64) error {
	_, err := t.exec(`UPDATE workspace_usage SET reserved_bytes = reserved_bytes - $2 WHERE workspace_id = $1`,
		t.ws, bytes)
	return err
}
