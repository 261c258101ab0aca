package postgres

import (
	"database/sql"
	"time"

	"github.com/lib/pq"
)

// OpenQueue connects lazily as the role of the application, for the queue of jobs: a few connections of its own, so
// that jobs and requests never wait for each other's. They are bound to no workspace.
//
// Errors: fault.Invalid if it is no lib/pq URL or key-value string.
func OpenQueue(dsn string) (*sql.DB, error) {
	at, err := configured(dsn)
	if err != nil {
		return nil, err
	}

	base, err := pq.NewConnectorConfig(at.config)
	if err != nil {
		return nil, notUnderstood(err)
	}

	pool := sql.OpenDB(queueConnector{base, at.parameters.set() + noJIT})
	pool.SetMaxOpenConns(4)
	pool.SetMaxIdleConns(4)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	pool.SetConnMaxLifetime(lifetime)
	return pool, nil
}
