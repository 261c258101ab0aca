package postgres

import (
	"context"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/secret"
)

// nowhere is bound where no workspace is: what belongs to the whole deployment is read and kept so.
const nowhere authz.WorkspaceID = ""

// Instance implements secret.ReconcileStore.
func (d *DB) Instance(ctx context.Context) (id string, run int64, ended time.Time, err error) {
	var row struct {
		ID           string
		Run          int64
		ReconciledAt *time.Time
	}
	_, err = d.get(ctx, nowhere, &row, `SELECT id, run, reconciled_at FROM upkeep.instance`)
	if row.ReconciledAt != nil {
		ended = *row.ReconciledAt
	}

	return row.ID, row.Run, ended, err
}

// Known implements secret.ReconcileStore.
func (d *DB) Known(ctx context.Context, ids []secret.ID) (map[secret.ID]bool, error) {
	var rows []struct {
		SecretID secret.ID
		Settled  bool
	}
	if err := d.list(ctx, nowhere, &rows, `SELECT secret_id, settled FROM secrets_among($1::uuid[])`,
		known(ids)); err != nil {
		return nil, err
	}

	settled := make(map[secret.ID]bool, len(rows))
	for _, row := range rows {
		settled[row.SecretID] = row.Settled
	}

	return settled, nil
}

// KnownNumbers implements secret.ReconcileStore.
func (d *DB) KnownNumbers(ctx context.Context, id secret.ID, before time.Time) (map[secret.Number]bool, error) {
	var rows []struct {
		Number   secret.Number
		Expected bool
	}
	if err := d.list(ctx, nowhere, &rows, `SELECT number, expected FROM secret_numbers($1, $2)`, id,
		before); err != nil {
		return nil, err
	}

	expected := make(map[secret.Number]bool, len(rows))
	for _, row := range rows {
		expected[row.Number] = row.Expected
	}

	return expected, nil
}

// InTheVault implements secret.ReconcileStore.
func (d *DB) InTheVault(
	ctx context.Context, before time.Time, after secret.Due, most int,
) (rows []secret.Due, err error) {
	err = d.list(ctx, nowhere, &rows, `SELECT * FROM secrets_in_the_vault($1, $2, $3, $4)`, before, after.Workspace,
		after.ID, most)
	return rows, err
}

// BeginRun implements secret.ReconcileStore.
func (d *DB) BeginRun(ctx context.Context, after int64) (run int64, err error) {
	err = d.transact(ctx, nowhere, func(tx *Tx) error {
		_, err := tx.get(&run, `UPDATE upkeep.instance SET run = greatest(run, $1) + 1 RETURNING run`, after)
		return err
	})
	return run, err
}

// EndRun implements secret.ReconcileStore.
func (d *DB) EndRun(ctx context.Context, at time.Time) error {
	return d.transact(ctx, nowhere, func(tx *Tx) error {
		_, err := tx.exec(`UPDATE upkeep.instance SET reconciled_at = $1`, at)
		return err
	})
}

// Quarantine implements secret.ReconcileStore.
func (d *DB) Quarantine(
	ctx context.Context, run int64, seen []secret.Sighting, at time.Time,
) (since map[secret.Sighting]time.Time, err error) {
	var regions, ids pq.StringArray
	var numbers pq.Int64Array
	for _, s := range seen {
		regions, ids, numbers = append(regions, s.Region), append(ids, s.ID.String()), append(numbers, int64(s.Number))
	}

	err = d.transact(ctx, nowhere, func(tx *Tx) error {
		if _, err := tx.exec(`INSERT INTO upkeep.orphan (region, secret_id, number, first_seen, run)
			SELECT region, id, number, $4, $5 FROM unnest($1::text[], $2::uuid[], $3::bigint[]) AS seen (region, id,
			number)
			ON CONFLICT (region, secret_id, number) DO UPDATE SET run = excluded.run`, regions, ids, numbers, at,
			run); err != nil {
			return err
		}

		if _, err := tx.exec(`DELETE FROM upkeep.orphan WHERE run < $1`, run); err != nil {
			return err
		}

		var rows []orphanRow
		err := tx.list(&rows, orphans)
		since = sightings(rows)
		return err
	})
	return since, err
}

const orphans = `SELECT region, secret_id, number, first_seen FROM upkeep.orphan`

type orphanRow struct {
	Region    string
	SecretID  secret.ID
	Number    secret.Number
	FirstSeen time.Time
}

func sightings(rows []orphanRow) map[secret.Sighting]time.Time {
	since := make(map[secret.Sighting]time.Time, len(rows))
	for _, row := range rows {
		since[secret.Sighting{
			Place:  secret.Place{Region: row.Region, ID: row.SecretID},
			Number: row.Number,
		}] = row.FirstSeen
	}

	return since
}

// Quarantined implements secret.ReconcileStore.
func (d *DB) Quarantined(ctx context.Context) (map[secret.Sighting]time.Time, error) {
	var rows []orphanRow
	err := d.list(ctx, nowhere, &rows, orphans)
	return sightings(rows), err
}
