package postgres

import (
	"context"
	"database/sql"
	"errors"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/migrations"
)

// Migrate brings the database to the newest schema, as the role that owns it, and returns its version.
//
// Any number of servers may do so at once. Errors: fault.Invalid for a URL that is none; those of DB.Check; else
// what the database said.
func Migrate(ctx context.Context, ownerURL string) (version int64, err error) {
	config, err := parse(ownerURL)
	if err != nil {
		return 0, err
	}

	base, err := pq.NewConnectorConfig(config)
	if err != nil {
		return 0, notUnderstood(err)
	}

	if err := checkURL(ctx, ownerURL); err != nil {
		return 0, err
	}

	db := sql.OpenDB(base)
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := migrations.Up(ctx, db); err != nil {
		return 0, err
	}

	version, _, err = migrations.Version(ctx, db)
	return version, err
}

// checkURL checks the database at a URL: the lock that keeps migrations apart is a session's.
func checkURL(ctx context.Context, url string) error {
	db, err := Open(url)
	if err != nil {
		return err
	}

	return errors.Join(ForOperator(db.Check(ctx)), db.Close())
}
