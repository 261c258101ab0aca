// Package migrations holds the database's schema as a list of SQL files, and applies them.
//
// Files are NNNN_verb_noun.sql and append-only: one that was released is never changed, the next one corrects it.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

// The pattern leaves out schema.sql, which is what the files come to and not one of them.
//
//go:embed [0-9]*.sql
var files embed.FS

const (
	auditMonthsAhead = 12
	// Whoever comes second asks for the lock each second, for up to ten minutes.
	lockPeriodSeconds = 1
	lockAttempts      = 600
)

// Up applies what is missing, and makes the audit partitions of the coming year. With nothing missing it changes
// nothing.
//
// Any number of processes may call it at once: a session lock lets one apply, the others wait and find it done.
// It must run as the role that owns the tables, data_api_owner.
func Up(ctx context.Context, db *sql.DB) error {
	provider, err := provider(db)
	if err != nil {
		return err
	}

	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrating the database: %w", err)
	}

	if _, err := db.ExecContext(ctx, `SELECT ensure_audit_partitions($1)`, auditMonthsAhead); err != nil {
		return fmt.Errorf("making the audit partitions: %w", err)
	}

	return nil
}

// Version returns the number of the last migration that was applied, 0 for none, and of the last one there is.
//
// It changes nothing. It must run as the role that owns the tables.
func Version(ctx context.Context, db *sql.DB) (current, latest int64, err error) {
	provider, err := provider(db)
	if err != nil {
		return 0, 0, err
	}

	var begun bool
	err = db.QueryRowContext(ctx, `SELECT to_regclass($1) IS NOT NULL`, goose.DefaultTablename).Scan(&begun)
	switch {
	case err != nil:
	case begun:
		current, latest, err = provider.GetVersions(ctx)
	default:
		// GetVersions would create the table.
		latest = provider.ListSources()[len(provider.ListSources())-1].Version
	}

	if err != nil {
		return 0, 0, fmt.Errorf("reading the version of the database: %w", err)
	}

	return current, latest, nil
}

func provider(db *sql.DB) (*goose.Provider, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockPeriodSeconds, lockAttempts))
	if err != nil {
		return nil, fmt.Errorf("configuring the migration lock: %w", err)
	}

	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return nil, fmt.Errorf("reading the migrations: %w", err)
	}

	return p, nil
}
