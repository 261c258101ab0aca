package postgres

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/doctor"
	"github.com/provenanceone/data-api/migrations"
)

// Examined is the database as a doctor asks it: it implements doctor.Database.
type Examined struct{ *DB }

var _ doctor.Database = Examined{}

// Check implements doctor.Database.
func (d Examined) Check(ctx context.Context) error { return ForOperator(d.DB.Check(ctx)) }

// Rights implements doctor.Database.
func (d Examined) Rights(ctx context.Context) (doctor.Rights, error) {
	var r rights
	migrated, err := d.get(ctx, "", &r, readRights)
	return doctor.Rights{Migrated: migrated, Rises: r.Rises, Revoke: r.Revoke}, ForOperator(err)
}

// readUnbound finds the tables of workspaces by their column, and leaves out partitions: no role of the server may use
// one by its own name.
const readUnbound = `SELECT format('%I.%I', n.nspname, c.relname)
	FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
	WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
		AND (c.relname = 'workspace' OR EXISTS (SELECT FROM pg_attribute a
			WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped))
	ORDER BY 1`

// Unbound implements doctor.Database.
func (d Examined) Unbound(ctx context.Context) (tables []string, err error) {
	err = d.list(ctx, "", &tables, readUnbound)
	return tables, ForOperator(err)
}

// readMissing knows partitions by the names that ensure_audit_partitions gives them.
const readMissing = `SELECT p.name
	FROM (SELECT 'audit_event_' || to_char(date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => i),
		'YYYY_MM') AS name FROM generate_series(0, $1::integer) i) p
	WHERE to_regclass('public.' || p.name) IS NULL
	ORDER BY p.name`

// MissingPartitions implements doctor.Database.
func (d Examined) MissingPartitions(ctx context.Context, months int) (names []string, err error) {
	err = d.list(ctx, "", &names, readMissing, months)
	return names, ForOperator(err)
}

// Now implements doctor.Database.
func (d Examined) Now(ctx context.Context) (at time.Time, err error) {
	_, err = d.get(ctx, "", &at, `SELECT clock_timestamp()`)
	return at, ForOperator(err)
}

// Version returns the last migration that has run on the database at an owner's URL, and the last one there is. It
// changes nothing. Errors: fault.Invalid for a URL that is none; else what the database said.
func Version(ctx context.Context, ownerURL string) (current, latest int64, err error) {
	config, err := parse(ownerURL)
	if err != nil {
		return 0, 0, err
	}

	base, err := pq.NewConnectorConfig(config)
	if err != nil {
		return 0, 0, notUnderstood(err)
	}

	db := sql.OpenDB(base)
	defer func() { err = errors.Join(err, db.Close()) }()
	return migrations.Version(ctx, db)
}
