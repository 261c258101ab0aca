package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/provenanceone/data-api/internal/doctor"
	"github.com/provenanceone/data-api/internal/fault"
)

const (
	// checked is how many sessions a check takes: one that is looked at, and others in transactions meanwhile.
	checked = 4
	// checkTimeout bounds a check, for which others may wait than whoever began it.
	checkTimeout = 10 * time.Second

	readOnly = "The database is read-only: let the database URL lead to the server that takes writes."
	pooled   = "A pooler, such as PgBouncer in transaction mode, hands sessions of the database from one client to " +
		"another: set its pool_mode to session, or connect to Postgres directly."
	notInEffect = "These parameters of the database's sessions are not in effect: %s. Set the pooler's pool_mode to " +
		"session, or connect to Postgres directly."
)

// Check checks that the database answers, takes writes, and keeps what a session sets: the workspace that row-level
// security goes by, and prepared statements, are a session's. Behind a pooler that shares sessions among clients, one
// workspace would be answered with the rows of another.
//
// Errors: fault.Unavailable saying what to change; that of ctx.
func (d *DB) Check(ctx context.Context) error {
	done := d.checks.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), checkTimeout)
		defer cancel()
		return nil, d.check(ctx)
	})
	select {
	case result := <-done:
		return result.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *DB) check(ctx context.Context) (err error) {
	if err := d.turns.kept.Acquire(ctx, checked); err != nil {
		return unavailable(err)
	}

	defer d.turns.kept.Release(checked)

	var sessions [checked]*sql.Conn
	for i := range sessions {
		if sessions[i], err = d.session(ctx); err != nil {
			return unavailable(err)
		}

		defer func() { _ = sessions[i].Close() }() // the check has its result
	}

	return unavailable(d.checkSessions(ctx, sessions[0], sessions[1:]))
}

// session takes a connection that still leads to the database; those that it has ended meanwhile are dropped.
func (d *DB) session(ctx context.Context) (*sql.Conn, error) {
	for {
		made, err := d.pool.Conn(bind(ctx, ""))
		if err != nil {
			return nil, err
		}

		_, err = ask(ctx, made, `SELECT set_config('data_api.nonce', '', false)`)
		if err == nil {
			return made, nil
		}

		_ = made.Close() // it failed already
		if ctx.Err() != nil || !errors.Is(err, driver.ErrBadConn) {
			return nil, err
		}
	}
}

// checkSessions sets a nonce on one session and reads it back on it, while ever more of the others are in transactions:
// a pooler that shares sessions gives one of them the first one's, or gives that one another.
func (d *DB) checkSessions(ctx context.Context, one *sql.Conn, others []*sql.Conn) error {
	nonce := rand.Text()
	if _, err := ask(ctx, one, `SELECT set_config('data_api.nonce', '`+nonce+`', false)`); err != nil {
		return err
	}

	if err := d.checkSession(ctx, one, nonce); err != nil {
		return err
	}

	for _, other := range others {
		tx, err := other.BeginTx(bind(ctx, ""), nil)
		if err != nil {
			return err
		}

		defer func() { _ = tx.Rollback() }() // it has changed nothing

		foreign, err := ask(ctx, other, `SELECT current_setting('data_api.nonce', true)`)
		switch {
		case err != nil:
			return err
		case foreign[0] == nonce:
			return fault.New(fault.Unavailable, pooled).Because(doctor.ErrPooled)
		}

		if err := d.checkSession(ctx, one, nonce); err != nil {
			return err
		}
	}

	return nil
}

func (d *DB) checkSession(ctx context.Context, one *sql.Conn, nonce string) error {
	has, err := ask(ctx, one, `SELECT current_setting('data_api.nonce', true), current_setting('transaction_read_only'), `+
		d.connector.at.parameters.differing())
	switch {
	case err != nil:
		return err
	case has[0] != nonce:
		return fault.New(fault.Unavailable, pooled).Because(doctor.ErrPooled)
	case has[1] != "off":
		d.connector.generation.Add(1)
		return fault.New(fault.Unavailable, readOnly)
	case has[2] != "":
		return fault.New(fault.Unavailable, notInEffect, has[2]).Because(doctor.ErrPooled)
	}

	return nil
}

// ask reads one row of text on a connection.
func ask(ctx context.Context, on *sql.Conn, query string) (row []string, err error) {
	err = on.Raw(func(raw any) error {
		c, ok := raw.(*conn)
		if !ok {
			return fmt.Errorf("%T is no connection of this package", raw)
		}

		row, err = c.ask(bind(ctx, ""), query)
		return err
	})
	return row, err
}

// ask does not prepare the statement: a pooler might run another one in its place.
func (c *conn) ask(ctx context.Context, query string) ([]string, error) {
	w, ctx := c.watch(ctx)
	rows, err := c.rawConn.QueryContext(ctx, query, nil)
	if err != nil {
		return nil, w.end(err)
	}

	values := make([]driver.Value, len(rows.Columns()))
	err = rows.Next(values)
	row := make([]string, len(values))
	for i, value := range values {
		if value != nil {
			row[i] = fmt.Sprintf("%s", value)
		}
	}

	return row, w.end(errors.Join(err, rows.Close()))
}
