package postgres

import (
	"context"
	"database/sql"
	"errors"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/migrations"
)

// Migrate brings the database to the newest schema, as the role that owns it, and returns its version.
//
// Any number of servers may do so at once. Errors: fault.Invalid for a URL that is none; else what the database said.
func Migrate(ctx context.Context, ownerURL string) (version int64, err error) {
	base, err := pq.NewConnector(ownerURL)
	if err != nil {
		return 0, fault.New(fault.Invalid, "The database URL is not one that lib/pq understands.").Because(err)
	}

	db := sql.OpenDB(base)
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := migrations.Up(ctx, db); err != nil {
		return 0, err
	}

	version, _, err = migrations.Version(ctx, db)
	return version, err
}
