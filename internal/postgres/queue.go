package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"time"
)

// OpenQueue connects lazily as the role of the application, for the queue of jobs: a few connections of its own, so
// that jobs and requests never wait for each other's. They are bound to no workspace.
//
// Errors: fault.Invalid if it is no lib/pq URL or key-value string.
func OpenQueue(dsn string) (*sql.DB, error) {
	c, err := connectorTo(dsn)
	if err != nil {
		return nil, err
	}

	return c.queue(), nil
}

// OpenQueue is that of the package for the same database. Whether this is away is logged once for both.
func (d *DB) OpenQueue() *sql.DB { return d.connector.queue() }

func (c *connector) queue() *sql.DB {
	pool := sql.OpenDB(queueConnector{c})
	pool.SetMaxOpenConns(4)
	pool.SetMaxIdleConns(4)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	pool.SetConnMaxLifetime(lifetime)
	return pool
}

// queueConnector makes connections for the queue of jobs, whose statements are River's own.
type queueConnector struct{ *connector }

// Connect implements driver.Connector.
func (c queueConnector) Connect(ctx context.Context) (driver.Conn, error) {
	return c.watched(ctx, c.connect)
}

func (c queueConnector) connect(ctx context.Context) (driver.Conn, error) {
	raw, err := c.base.Connect(ctx)
	if err != nil {
		return nil, err
	}

	if err := set(ctx, raw, c.at.parameters.set()+noJIT); err != nil {
		return nil, errors.Join(err, raw.Close())
	}

	return raw, nil
}
