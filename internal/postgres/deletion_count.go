package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
)

// CountObjects implements deletion.Store. It reads the count that is kept of a whole datastore, or counts at most that
// many versions below a prefix.
func (d Deletions) CountObjects(
	ctx context.Context, ws authz.WorkspaceID, in datastore.ID, prefix string, most int,
) (n deletion.Count, err error) {
	found, err := d.get(ctx, ws, &n, `SELECT object_count AS objects, used_bytes AS bytes FROM datastore
		WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL`, ws, in)
	switch {
	case err != nil:
		return n, err
	case !found:
		return n, datastore.NotFound()
	case prefix == "":
		return n, nil
	}

	condition, args := below(prefix, ws, in)
	var some []struct{ Objects, Bytes, Versions int64 }
	err = d.scan(ctx, ws, &some, fmt.Sprintf(`SELECT count(DISTINCT n.id) AS objects, coalesce(sum(n.size_bytes),
		0)::bigint AS bytes, count(*) AS versions
		FROM (
			SELECT o.id, v.size_bytes FROM (SELECT o.workspace_id, o.id FROM object o
				WHERE o.workspace_id = $1 AND o.datastore_id = $2%s ORDER BY o.key LIMIT $%[2]d) o
			CROSS JOIN LATERAL (SELECT v.size_bytes FROM object_version v
				WHERE v.workspace_id = o.workspace_id AND v.object_id = o.id ORDER BY v.version LIMIT $%[2]d) v
			LIMIT $%[2]d
		) n`, condition, len(args)+1), append(args, most+1)...)
	if err != nil {
		return n, err
	}

	return deletion.Count{Objects: some[0].Objects, Bytes: some[0].Bytes, AtLeast: some[0].Versions > int64(most)}, nil
}

// CountNext implements deletion.WorkStore. It locks nothing but the deletion.
func (d Deletions) CountNext(
	ctx context.Context, t deletion.Lock, most int, lasts time.Duration,
) (done bool, err error) {
	err = d.transact(ctx, t.Workspace, func(tx *Tx) error {
		tx.bookkeeping("how far a deletion has counted")
		if err := tx.onTurn(t, `due_at = now() + make_interval(secs => $4)`, lasts.Seconds()); err != nil {
			return err
		}

		var at struct {
			Prefix, Passed string
			Epoch          int64
		}
		found, err := tx.get(&at, `SELECT coalesce(d.prefix, '') AS prefix, c.passed, d.epoch
			FROM deletion_count c JOIN deletion d ON d.workspace_id = c.workspace_id AND d.id = c.deletion_id
			WHERE c.workspace_id = $1 AND c.deletion_id = $2`, tx.ws, t.ID)
		if done = !found; err != nil || done {
			return err
		}

		n, last, err := tx.countAfter(t.DatastoreID, at.Prefix, at.Passed, at.Epoch, most)
		if err != nil {
			return err
		}

		if done = last == ""; done {
			return tx.endCount(t)
		}

		_, err = tx.exec(`UPDATE deletion_count SET passed = $3, objects = objects + $4 WHERE workspace_id = $1
			AND deletion_id = $2`, tx.ws, t.ID, last, n)
		return err
	})
	return done && err == nil, err
}

// countAfter counts the next objects below a prefix that were written up to an epoch; last is the key that it came to,
// empty at the end.
func (t *Tx) countAfter(
	in datastore.ID, prefix, passed string, epoch int64, most int,
) (n int64, last string, err error) {
	condition, args := below(prefix, t.ws, in)
	var some struct {
		N    int64
		Last *string
	}
	_, err = t.get(&some, fmt.Sprintf(`SELECT count(*) FILTER (WHERE v.epoch <= $%d) AS n, max(o.key) AS last
		FROM (SELECT o.* FROM object o WHERE o.workspace_id = $1 AND o.datastore_id = $2%s AND o.key > $%d
		ORDER BY o.key LIMIT $%d) o
		CROSS JOIN LATERAL (`+currentVersion+`) v`, len(args)+1, condition, len(args)+2, len(args)+3),
		append(args, epoch, passed, most)...)
	if err != nil || some.Last == nil {
		return 0, "", err
	}

	return some.N, *some.Last, nil
}

// endCount stores the count in the deletion. Objects that were replaced before the count reached them may already have
// been counted when the deletion began.
func (t *Tx) endCount(of deletion.Lock) error {
	var n int64
	if _, err := t.get(&n, `DELETE FROM deletion_count WHERE workspace_id = $1 AND deletion_id = $2 RETURNING objects`,
		t.ws, of.ID); err != nil {
		return err
	}

	return t.onTurn(of, `objects_total = greatest($4, objects_total, objects_deleted)`, n)
}
