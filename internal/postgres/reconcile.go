package postgres

import (
	"context"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/reconcile"
)

// Reconciliations stores the runs that compare a backend with the database: it implements reconcile.Store. Secrets and
// Objects embed it.
type Reconciliations struct{ *DB }

// Reconciliations returns the store of runs over a backend.
func (d *DB) Reconciliations() Reconciliations { return Reconciliations{d} }

// nowhere is bound where no workspace is: rows of the whole deployment belong to none.
const nowhere authz.WorkspaceID = ""

// notedAtOnce is how many strays one statement notes.
const notedAtOnce = 1000

// ledger names where the runs over one backend are.
type ledger struct {
	// run and endedAt are columns of upkeep.instance.
	run, endedAt string
	// strays is a table, and key its columns that name a stray.
	strays, key string
	// stray selects a reconcile.Stray from the table, and given selects the key from one that is given.
	stray, given string
}

var ledgers = map[reconcile.Backend]ledger{
	reconcile.Vault: {
		run:     "run",
		endedAt: "reconciled_at",
		strays:  "upkeep.orphan",
		key:     "region, secret_id, number",
		stray:   "region, secret_id AS name, number",
		given:   "region, name::uuid, number",
	},
	reconcile.Buckets: {
		run:     "bucket_run",
		endedAt: "buckets_reconciled_at",
		strays:  "upkeep.stray",
		key:     "region, name",
		stray:   "region, name, 0 AS number",
		given:   "region, name",
	},
}

// Instance returns the id of the deployment that the database belongs to.
func (d *DB) Instance(ctx context.Context) (id string, err error) {
	_, err = d.get(ctx, nowhere, &id, `SELECT id FROM upkeep.instance`)
	return id, err
}

// LastRun implements reconcile.Store.
func (d Reconciliations) LastRun(ctx context.Context, of reconcile.Backend) (last reconcile.LastRun, err error) {
	_, err = d.get(ctx, nowhere, &last, `SELECT id AS instance, `+ledgers[of].run+` AS number,
		`+ledgers[of].endedAt+` AS ended_at FROM upkeep.instance`)
	return last, err
}

// BeginRun implements reconcile.Store.
func (d Reconciliations) BeginRun(ctx context.Context, of reconcile.Backend, after int64) (run int64, err error) {
	column := ledgers[of].run
	err = d.transact(ctx, nowhere, func(tx *Tx) error {
		tx.bookkeeping("how often a backend was compared with the database")
		_, err := tx.get(&run, `UPDATE upkeep.instance SET `+column+` = greatest(`+column+`, $1) + 1
			RETURNING `+column, after)
		return err
	})
	return run, err
}

// EndRun implements reconcile.Store.
func (d Reconciliations) EndRun(ctx context.Context, of reconcile.Backend, at time.Time) error {
	return d.transact(ctx, nowhere, func(tx *Tx) error {
		tx.bookkeeping("when a backend was last compared with the database")
		_, err := tx.exec(`UPDATE upkeep.instance SET `+ledgers[of].endedAt+` = $1`, at)
		return err
	})
}

// Quarantine implements reconcile.Store. It is one transaction: another run at the same time cannot forget what this
// one is noting.
func (d Reconciliations) Quarantine(
	ctx context.Context, of reconcile.Backend, run int64, seen []reconcile.Stray, at time.Time,
) error {
	return d.transact(ctx, nowhere, func(tx *Tx) error {
		tx.bookkeeping("what a backend has that no row explains")
		for some := range slices.Chunk(seen, notedAtOnce) {
			if err := tx.noteStrays(ledgers[of], run, some, at); err != nil {
				return err
			}
		}

		_, err := tx.exec(`DELETE FROM `+ledgers[of].strays+` WHERE run < $1`, run)
		return err
	})
}

func (t *Tx) noteStrays(l ledger, run int64, seen []reconcile.Stray, at time.Time) error {
	var regions, names pq.StringArray
	var numbers pq.Int64Array
	for _, s := range seen {
		regions, names, numbers = append(regions, s.Region), append(names, s.Name), append(numbers, s.Number)
	}

	_, err := t.exec(`INSERT INTO `+l.strays+` (`+l.key+`, first_seen, run)
		SELECT `+l.given+`, $4, $5 FROM unnest($1::text[], $2::text[], $3::bigint[]) AS seen (region, name, number)
		ON CONFLICT (`+l.key+`) DO UPDATE SET run = excluded.run`, regions, names, numbers, at, run)
	return err
}

// Quarantined implements reconcile.Store.
func (d Reconciliations) Quarantined(ctx context.Context, of reconcile.Backend) (map[reconcile.Stray]time.Time, error) {
	var rows []struct {
		reconcile.Stray
		FirstSeen time.Time
	}
	if err := d.list(ctx, nowhere, &rows, `SELECT `+ledgers[of].stray+`, first_seen
		FROM `+ledgers[of].strays); err != nil {
		return nil, err
	}

	since := make(map[reconcile.Stray]time.Time, len(rows))
	for _, row := range rows {
		since[row.Stray] = row.FirstSeen
	}

	return since, nil
}
