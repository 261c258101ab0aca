// Package postgres is the index and the commit point. It implements the Store of each noun on a type of its own, on
// one DB: DB.Secrets returns Secrets, the store of secrets.
//
// A method that writes takes the audit entry of what it does, fills in what the entry awaits, and commits both in one
// transaction. A transaction that records no entry says why it is bookkeeping, or it does not commit.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"github.com/jmoiron/sqlx"
	"github.com/jmoiron/sqlx/reflectx"
	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/upload"
)

// DB is the database as the role of the application, which row-level security holds to one workspace at a time.
type DB struct {
	pool      *sqlx.DB
	turns     turns
	connector *connector
	checks    singleflight.Group
	// Limits are set before the first use.
	Limits Limits
	// UploadEnded is told of each upload that this server has ended, once that is committed; nil for nobody. It is set
	// before the first use.
	UploadEnded func(u upload.Upload)
}

// Stats is how the connections for requests are used.
func (d *DB) Stats() sql.DBStats { return d.pool.Stats() }

// Away reports whether the database cannot be connected to.
func (d *DB) Away() bool { return d.connector.outage.away() }

// OnWait has tell told how long each wait for a turn at a connection lasted. Call it before the first use.
func (d *DB) OnWait(tell func(took time.Duration)) { d.turns.shared.Waited = tell }

// Statements is how many statements have run, transactions' begins and ends aside.
func (d *DB) Statements() int64 { return d.connector.ran.Load() }

// RoundTrips is how many messages the database has answered, those that prepare a statement or begin and end a
// transaction included.
func (d *DB) RoundTrips() int64 { return d.connector.trips.Load() }

// LogOutages has the log say when the database is away and when it is back.
func (d *DB) LogOutages(log *slog.Logger) { d.connector.outage.to(log) }

// Open connects lazily to the database at a lib/pq URL or key-value string.
//
// Errors: fault.Invalid if it is neither.
func Open(dsn string) (*DB, error) {
	c, err := connectorTo(dsn)
	if err != nil {
		return nil, err
	}

	pool := sqlx.NewDb(sql.OpenDB(c), "postgres")
	pool.Mapper = reflectx.NewMapperFunc("db", column)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return &DB{pool: pool, turns: newTurns(c.at.turn), connector: c}, nil
}

// column is the name of the column that a field is read from: CreatedBy is created_by.
func column(field string) string {
	var name strings.Builder
	for i, r := range field {
		if i > 0 && unicode.IsUpper(r) && unicode.IsLower(rune(field[i-1])) {
			name.WriteByte('_')
		}

		name.WriteRune(unicode.ToLower(r))
	}

	return name.String()
}

// Close ends all connections.
func (d *DB) Close() error { return d.pool.Close() }

// Warm opens every connection that the server may use, and they stay open: requests that come at once, to a server
// that has just started, wait for none to be opened.
//
// Errors: fault.Unavailable, if not all could be opened.
func (d *DB) Warm(ctx context.Context) error {
	opened := make([]*sql.Conn, connections)
	var all errgroup.Group
	for i := range opened {
		all.Go(func() (err error) {
			opened[i], err = d.pool.Conn(ctx)
			return err
		})
	}

	err := all.Wait()

	for _, c := range opened {
		if c != nil {
			err = errors.Join(err, c.Close())
		}
	}

	return unavailable(err)
}

// Ping checks that the database answers. Errors: fault.Unavailable.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	_, err := d.get(ctx, "", &one, `SELECT 1`)
	return unavailable(err)
}

// get reads one row as a workspace; found is false when there is none.
func (d *DB) get(
	ctx context.Context, ws authz.WorkspaceID, row any, query string, args ...any,
) (found bool, err error) {
	err = d.turn(ctx, ws, 1, func(ctx context.Context) error {
		err := d.pool.GetContext(ctx, row, query, args...)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}

		found = err == nil
		return err
	})
	return found, err
}

// list reads rows as a workspace.
func (d *DB) list(ctx context.Context, ws authz.WorkspaceID, rows any, query string, args ...any) error {
	return d.turn(ctx, ws, 1,
		func(ctx context.Context) error { return d.pool.SelectContext(ctx, rows, query, args...) })
}

// scan is list for a statement that reads many more rows than it returns, or may: a workspace runs fewer of these at
// once.
func (d *DB) scan(ctx context.Context, ws authz.WorkspaceID, rows any, query string, args ...any) error {
	return d.turn(ctx, ws, scanTurns,
		func(ctx context.Context) error { return d.pool.SelectContext(ctx, rows, query, args...) })
}

// turn runs a statement as a workspace, once it may use that many connections.
func (d *DB) turn(ctx context.Context, ws authz.WorkspaceID, n int64, run func(context.Context) error) error {
	done, err := d.turns.take(ctx, ws, n)
	if err != nil {
		return err
	}
	defer done()

	return wrap(run(bind(ctx, ws)))
}
