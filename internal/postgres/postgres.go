// Package postgres is the index and the commit point: it implements the Store of every noun.
//
// A method that writes takes the audit entry of what it does and commits both in one transaction.
// Methods that write without one keep books (last-used times, rows that hold a name) and say so.
package postgres

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/jmoiron/sqlx"
	"github.com/jmoiron/sqlx/reflectx"
	"github.com/lib/pq"
	"golang.org/x/sync/semaphore"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// DB is the database as the role of the application, which row-level security holds to one workspace at a time.
type DB struct {
	pool *sqlx.DB
	// free has a place for each connection: whoever waits for one waits here, where their context counts.
	free *semaphore.Weighted
	ran  *atomic.Int64
	// Limits are set before the first use.
	Limits Limits
}

// connections is how many there are at most.
const connections = 16

// Statements is how many statements have run, transactions' begins and ends aside.
func (d *DB) Statements() int64 { return d.ran.Load() }

// Open connects lazily to the database at a lib/pq URL or key-value string.
//
// Errors: fault.Invalid if it is neither.
func Open(dsn string) (*DB, error) {
	base, err := pq.NewConnector(withTimeouts(dsn))
	if err != nil {
		return nil, fault.New(fault.Invalid, "The database URL is not one that lib/pq understands.").Because(err)
	}
	ran := new(atomic.Int64)
	pool := sqlx.NewDb(sql.OpenDB(connector{base: base, ran: ran}), "postgres")
	pool.Mapper = reflectx.NewMapperFunc("db", column)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return &DB{pool: pool, free: semaphore.NewWeighted(connections), ran: ran}, nil
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

// withTimeouts adds the backstops that hold when a context does not.
func withTimeouts(dsn string) string {
	limits := map[string]string{
		"statement_timeout": "5000", "lock_timeout": "2000", "idle_in_transaction_session_timeout": "15000", "connect_timeout": "5",
		"client_connection_check_interval": "500",
	}
	u, err := url.Parse(dsn)
	isURL := err == nil && strings.HasPrefix(u.Scheme, "postgres")
	for _, name := range slices.Sorted(maps.Keys(limits)) {
		switch {
		case strings.Contains(dsn, name):
		case isURL:
			q := u.Query()
			q.Set(name, limits[name])
			u.RawQuery = q.Encode()
		default:
			dsn += " " + name + "=" + limits[name]
		}
	}
	if isURL {
		return u.String()
	}
	return dsn
}

// Close ends all connections.
func (d *DB) Close() error { return d.pool.Close() }

// Ready checks that the database answers, is migrated, and that this role is held by row-level security.
//
// It makes the audit partitions of the coming year on its way. Errors: fault.Unavailable saying which of these fails.
func (d *DB) Ready(ctx context.Context) error {
	var bypass bool
	there, err := d.get(ctx, "", &bypass, `
		SELECT r.rolsuper OR r.rolbypassrls OR pg_has_role(c.relowner, 'USAGE')
		FROM pg_roles r, pg_class c WHERE r.rolname = current_user AND c.oid = to_regclass('audit_event')`)
	switch {
	case err != nil:
		return unavailable(err)
	case !there:
		return fault.New(fault.Unavailable, "The database is not migrated: run `data-api migrate`.")
	case bypass:
		return fault.New(fault.Unavailable, "The database role of the server owns the tables or may bypass row-level security: use the app role.")
	}
	var made int
	_, err = d.get(ctx, "", &made, `SELECT ensure_audit_partitions(12)`)
	return unavailable(err)
}

// Ping checks that the database answers. Errors: fault.Unavailable.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	_, err := d.get(ctx, "", &one, `SELECT 1`)
	return unavailable(err)
}

// get reads one row as a workspace; found is false when there is none.
func (d *DB) get(ctx context.Context, ws authz.WorkspaceID, row any, query string, args ...any) (found bool, err error) {
	if err := d.free.Acquire(ctx, 1); err != nil {
		return false, err
	}
	defer d.free.Release(1)
	err = d.pool.GetContext(bind(ctx, ws), row, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, wrap(err)
}

// list reads rows as a workspace.
func (d *DB) list(ctx context.Context, ws authz.WorkspaceID, rows any, query string, args ...any) error {
	if err := d.free.Acquire(ctx, 1); err != nil {
		return err
	}
	defer d.free.Release(1)
	return wrap(d.pool.SelectContext(bind(ctx, ws), rows, query, args...))
}
