package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/object"
)

// How long a deletion waits after its first failure, and at most.
const (
	firstWait   = 2 * time.Second
	longestWait = 5 * time.Minute
)

// Due implements deletion.WorkStore.
func (d Deletions) Due(
	ctx context.Context, after deletion.WorkItem, most int,
) (found []deletion.WorkItem, err error) {
	err = d.list(ctx, nowhere, &found, `SELECT * FROM deletions_due($1, $2, $3)`, after.Workspace, after.ID, most)
	return found, err
}

// TakeLock implements deletion.WorkStore.
func (d Deletions) TakeLock(
	ctx context.Context, due deletion.WorkItem, lasts time.Duration,
) (t deletion.Lock, taken bool, err error) {
	t.WorkItem = due
	err = d.transact(ctx, due.Workspace, func(tx *Tx) error {
		tx.bookkeeping("who goes on with a deletion")
		taken, err = tx.get(&t, `UPDATE deletion SET turn = turn + 1, due_at = now() + make_interval(secs => $3)
			WHERE workspace_id = $1 AND id = $2 AND state = 'RUNNING' AND due_at <= now()
			RETURNING turn AS number, datastore_id, request_id, created_by_kind AS "by.kind",
			created_by_id AS "by.principal_id", created_by_label AS "by.label"`,
			tx.ws, due.ID, lasts.Seconds())
		return err
	})
	return t, taken && err == nil, err
}

// onTurn changes a deletion if it still is the turn's, and keeps others from it until the transaction ends.
func (t *Tx) onTurn(of deletion.Lock, change string, args ...any) error {
	changed, err := t.exec(`UPDATE deletion SET `+change+` WHERE workspace_id = $1 AND id = $2 AND turn = $3
		AND state = 'RUNNING'`,
		append([]any{t.ws, of.ID, of.Number}, args...)...)
	if err == nil && changed == 0 {
		return deletion.TakenOver()
	}

	return err
}

// Freed implements deletion.WorkStore.
func (d Deletions) Freed(ctx context.Context, t deletion.Lock, most int) (ids []object.BlobID, err error) {
	err = d.list(ctx, t.Workspace, &ids, `SELECT id FROM blob
		WHERE workspace_id = $1 AND refs = 0 AND freed_by >= $2 AND freed_by <= $2 ORDER BY freed_by, id
			LIMIT $3`, t.Workspace, t.ID, most)
	return ids, err
}

// ForgetFreed implements deletion.WorkStore.
func (d Deletions) ForgetFreed(ctx context.Context, t deletion.Lock, ids []object.BlobID, lasts time.Duration) error {
	return d.transact(ctx, t.Workspace, func(tx *Tx) error {
		tx.bookkeeping("which freed blobs storage has dropped")
		if err := tx.onTurn(t, `due_at = now() + make_interval(secs => $4)`, lasts.Seconds()); err != nil {
			return err
		}

		_, err := tx.exec(`DELETE FROM blob WHERE refs = 0 AND `+rowsByID(`blob`, `refs = 0`), tx.ws, known(ids))
		return err
	})
}

// ReleaseLock implements deletion.WorkStore.
func (d Deletions) ReleaseLock(ctx context.Context, t deletion.Lock, why *string) error {
	return d.transact(ctx, t.Workspace, func(tx *Tx) error {
		tx.bookkeeping("when a deletion goes on")
		if why == nil {
			return tx.onTurn(t, `due_at = now()`)
		}

		return tx.onTurn(t, `last_error = $4, failures = failures + 1,
			due_at = now() + make_interval(secs => least($5 * power(2, least(failures, 20)), $6))`, *why,
			firstWait.Seconds(), longestWait.Seconds())
	})
}

// DeleteNext implements deletion.WorkStore. It locks in the order in which writers do: objects, datastore, blobs by
// their ids, usage.
func (d Deletions) DeleteNext(
	ctx context.Context, t deletion.Lock, most int, lasts time.Duration, entry func(deletion.DeletedObject) audit.Entry,
) (done bool, err error) {
	err = d.transact(ctx, t.Workspace, func(tx *Tx) error {
		if err := tx.onTurn(t, `due_at = now() + make_interval(secs => $4), last_error = NULL, failures = 0`,
			lasts.Seconds()); err != nil {
			return err
		}

		due, last, err := tx.nextObjects(t, most)
		if err != nil {
			return err
		}

		if done = last == ""; done {
			tx.bookkeeping("a deletion that began on record is done")
			return tx.onTurn(t, `state = 'DONE', finished_at = now()`)
		}

		bytes, err := tx.deleteObjects(t, due, entry)
		if err != nil {
			return err
		}

		n := int64(len(due))
		if err := tx.onTurn(t, `passed = $4, objects_deleted = objects_deleted + $5, bytes_freed = bytes_freed + $6`,
			last, n, bytes); err != nil {
			return err
		}

		err = tx.count(-n, -bytes)
		return err
	})
	return done && err == nil, err
}

// nextObjects locks the next objects of a deletion, and returns those that were there when it began, and the last key
// that was looked at; empty at the end.
//
// It locks first and reads then, as lockObject does.
func (t *Tx) nextObjects(of deletion.Lock, most int) (due []deletion.DeletedObject, last string, err error) {
	var at struct {
		Prefix, Passed string
		Epoch          int64
	}
	if _, err := t.get(&at, `SELECT coalesce(prefix, '') AS prefix, passed, epoch FROM deletion
		WHERE workspace_id = $1 AND id = $2`, t.ws, of.ID); err != nil {
		return nil, "", err
	}

	condition, args := below(at.Prefix, t.ws, of.DatastoreID)
	var next []deletion.DeletedObject
	if err := t.list(&next,
		`SELECT o.id, o.key FROM object o WHERE o.workspace_id = $1 AND o.datastore_id = $2`+condition+
			fmt.Sprintf(` AND o.key > $%d ORDER BY o.key LIMIT $%d`, len(args)+1, len(args)+2), append(args,
			at.Passed, most)...); err != nil || len(next) == 0 {
		return nil, "", err
	}

	next, err = t.lockFirst(next)
	if err != nil {
		return nil, "", err
	}

	ids := make([]object.ID, len(next))
	for i, o := range next {
		ids[i] = o.ID
	}

	err = t.list(&due, `SELECT o.id, o.key, v.version FROM unnest($2::uuid[]) AS locked(id)
		CROSS JOIN LATERAL (SELECT * FROM object WHERE workspace_id = $1 AND id >= locked.id AND id <= locked.id
			ORDER BY id LIMIT 1) o
		CROSS JOIN LATERAL (`+currentVersion+`) v WHERE v.epoch <= $3 ORDER BY o.key`, t.ws, known(ids), at.Epoch)
	return due, next[len(next)-1].Key, err
}

// lockFirst locks the first objects of a list, up to one that somebody else has locked, and returns those. It waits for
// an object only while it has no other: objects may have got other keys since they were read, so that there is no order
// in which everybody locks them.
func (t *Tx) lockFirst(all []deletion.DeletedObject) ([]deletion.DeletedObject, error) {
	if _, err := t.exec(`SELECT FROM object WHERE workspace_id = $1 AND id = $2 FOR UPDATE`, t.ws, all[0].ID); err != nil {
		return nil, err
	}

	rest := make([]object.ID, len(all)-1)
	for i, o := range all[1:] {
		rest[i] = o.ID
	}

	var locked []object.ID
	if err := t.list(&locked, lockEach(`object`, `unnest($2::uuid[]) AS id`, `true`, `UPDATE SKIP LOCKED`), t.ws,
		known(rest)); err != nil {
		return nil, err
	}

	for i, id := range rest {
		if !slices.Contains(locked, id) {
			return all[:i+1], nil
		}
	}

	return all, nil
}

// versionsOf reads the versions of the objects whose ids are $2.
func versionsOf(columns string) string {
	return `SELECT q.* FROM unnest($2::uuid[]) AS wanted(id) CROSS JOIN LATERAL (SELECT ` + columns + `
		FROM object_version WHERE workspace_id = $1 AND object_id = wanted.id ORDER BY version) q`
}

// deleteObjects removes locked objects with all their versions, each on record, takes the versions' references from
// their blobs, and returns their bytes.
func (t *Tx) deleteObjects(
	of deletion.Lock, all []deletion.DeletedObject, entry func(deletion.DeletedObject) audit.Entry,
) (bytes int64, err error) {
	if len(all) == 0 {
		t.bookkeeping("how far a deletion has come, past newer objects")
		return 0, nil
	}

	ids, entries := make([]object.ID, len(all)), make([]audit.Entry, len(all))
	for i, o := range all {
		ids[i], entries[i] = o.ID, entry(o)
	}

	if _, err := t.get(&bytes, `SELECT coalesce(sum(size_bytes), 0)::bigint
		FROM (`+versionsOf(`size_bytes`)+`) v`, t.ws, distinct(ids)); err != nil {
		return 0, err
	}

	if err := t.countIn(of.DatastoreID, -int64(len(all)), -bytes); err != nil {
		return 0, err
	}

	if _, err := t.exec(`
		WITH gone AS (DELETE FROM object_version WHERE ctid = ANY(ARRAY(`+versionsOf(`ctid`)+`)) RETURNING blob_id),
			counted AS (SELECT blob_id, count(*) AS n FROM gone GROUP BY blob_id),
			locked AS MATERIALIZED (`+lockEach(`blob`, `(SELECT blob_id AS id FROM counted) c`, `true`, `UPDATE`)+`)
		UPDATE blob b SET refs = b.refs - n, freed_by = CASE WHEN b.refs = n THEN $3::uuid END
		FROM counted JOIN locked ON locked.id = counted.blob_id WHERE b.workspace_id = $1 AND b.id = counted.blob_id`,
		t.ws, distinct(ids), of.ID); err != nil {
		return 0, err
	}

	if _, err := t.exec(`DELETE FROM object WHERE `+rowsByID(`object`, `true`), t.ws,
		known(ids)); err != nil {
		return 0, err
	}

	return bytes, t.record(entries...)
}
