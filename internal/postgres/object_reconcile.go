package postgres

import (
	"context"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/object"
)

// BucketRuns implements object.ReconcileStore.
func (d *DB) BucketRuns(ctx context.Context) (instance string, run int64, ended time.Time, err error) {
	var row struct {
		ID                  string
		BucketRun           int64
		BucketsReconciledAt *time.Time
	}
	_, err = d.get(ctx, nowhere, &row, `SELECT id, bucket_run, buckets_reconciled_at FROM upkeep.instance`)
	if row.BucketsReconciledAt != nil {
		ended = *row.BucketsReconciledAt
	}

	return row.ID, row.BucketRun, ended, err
}

// BlobsAmong implements object.ReconcileStore.
func (d *DB) BlobsAmong(ctx context.Context, ids []object.BlobID) (map[object.BlobID]bool, error) {
	return d.among(ctx, `SELECT id, kept AS holds FROM blobs_among($1::uuid[])`, ids)
}

// OpenAmong implements object.ReconcileStore.
func (d *DB) OpenAmong(ctx context.Context, ids []object.BlobID) (map[object.BlobID]bool, error) {
	return d.among(ctx, `SELECT upload_id AS id, is_open AS holds FROM uploads_among($1::uuid[])`, ids)
}

// among asks for those of the ids that there are, and whether something holds for each.
func (d *DB) among(ctx context.Context, query string, ids []object.BlobID) (map[object.BlobID]bool, error) {
	var rows []struct {
		ID    object.BlobID
		Holds bool
	}
	if err := d.list(ctx, nowhere, &rows, query, known(ids)); err != nil {
		return nil, err
	}

	holds := make(map[object.BlobID]bool, len(rows))
	for _, row := range rows {
		holds[row.ID] = row.Holds
	}

	return holds, nil
}

// BlobsBetween implements object.ReconcileStore.
func (d *DB) BlobsBetween(
	ctx context.Context, regions []string, after, last object.BlobID, most int,
) (ids []object.BlobID, err error) {
	err = d.list(ctx, nowhere, &ids, `SELECT id FROM blobs_between($1::text[], $2, $3, $4)`, pq.StringArray(regions),
		after, last, most)
	return ids, err
}

// BeginBucketRun implements object.ReconcileStore.
func (d *DB) BeginBucketRun(ctx context.Context, after int64) (run int64, err error) {
	err = d.transact(ctx, nowhere, func(tx *Tx) error {
		_, err := tx.get(&run, `UPDATE upkeep.instance SET bucket_run = greatest(bucket_run, $1) + 1
			RETURNING bucket_run`, after)
		return err
	})
	return run, err
}

// NoteStrays implements object.ReconcileStore.
func (d *DB) NoteStrays(ctx context.Context, run int64, seen []object.Stray, at time.Time) error {
	var regions, names pq.StringArray
	for _, s := range seen {
		regions, names = append(regions, s.Region), append(names, s.Name)
	}

	return d.transact(ctx, nowhere, func(tx *Tx) error {
		_, err := tx.exec(`INSERT INTO upkeep.stray (region, name, first_seen, run)
			SELECT region, name, $3, $4 FROM unnest($1::text[], $2::text[]) AS seen (region, name)
			ON CONFLICT (region, name) DO UPDATE SET run = excluded.run`, regions, names, at, run)
		return err
	})
}

// ForgetStrays implements object.ReconcileStore.
func (d *DB) ForgetStrays(ctx context.Context, run int64) error {
	return d.transact(ctx, nowhere, func(tx *Tx) error {
		_, err := tx.exec(`DELETE FROM upkeep.stray WHERE run < $1`, run)
		return err
	})
}

// Strays implements object.ReconcileStore.
func (d *DB) Strays(ctx context.Context) (map[object.Stray]time.Time, error) {
	var rows []struct {
		object.Stray
		FirstSeen time.Time
	}
	if err := d.list(ctx, nowhere, &rows, `SELECT region, name, first_seen FROM upkeep.stray`); err != nil {
		return nil, err
	}

	since := make(map[object.Stray]time.Time, len(rows))
	for _, row := range rows {
		since[row.Stray] = row.FirstSeen
	}

	return since, nil
}

// EndBucketRun implements object.ReconcileStore.
func (d *DB) EndBucketRun(ctx context.Context, at time.Time) error {
	return d.transact(ctx, nowhere, func(tx *Tx) error {
		_, err := tx.exec(`UPDATE upkeep.instance SET buckets_reconciled_at = $1`, at)
		return err
	})
}
