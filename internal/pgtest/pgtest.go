// Package pgtest gives each test a migrated database of its own.
//
// The first one that asks starts a throw-away cluster for the test process and migrates a template database in it; each
// test then gets a copy of that, in about a tenth of a second. Tests therefore run in parallel and never see each
// other.
package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/lib/pq" // the driver of this package's own connections
	"go.uber.org/goleak"

	"github.com/provenanceone/data-api/internal/embedded/postgres"
)

const dropTimeout = 30 * time.Second

// Database is a database that one test has for itself, with the schema of all migrations and no rows.
type Database struct {
	// Name is its name in the cluster.
	Name string
	// AppURL connects as the role of the server, which row-level security binds.
	AppURL string
	// OwnerURL connects as the role that owns the tables; migrations run as it.
	OwnerURL string
	// SuperURL connects as a superuser, to look at what no role of the product may see.
	SuperURL string
	// Cluster is what it is in, with psql and pg_dump.
	Cluster *postgres.Cluster
}

var shared = sync.OnceValues(start)

// New returns a database that is dropped when the test ends, whoever is still connected.
//
// Without a Postgres to run it on, the test is skipped with the reason; under CI=true it fails.
func New(tb testing.TB) *Database {
	tb.Helper()
	return create(tb, func(s *server) (string, error) { return s.clone(tb.Context()) })
}

// NewEmpty is New without the migrations: a database with nothing in it, that data_api_owner owns.
func NewEmpty(tb testing.TB) *Database {
	tb.Helper()
	return create(tb, func(s *server) (string, error) { return s.empty(tb.Context()) })
}

func create(tb testing.TB, how func(*server) (string, error)) *Database {
	tb.Helper()
	s, err := shared()
	if postgres.NotInstalled(err) && os.Getenv("CI") != "true" {
		tb.Skipf("skipped for want of a Postgres: %v", err)
	}

	if err != nil {
		tb.Fatalf("starting a Postgres for tests: %v", err)
	}

	name, err := how(s)
	if err != nil {
		tb.Fatalf("creating a database: %v", err)
	}

	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), dropTimeout)
		defer cancel()
		if err := s.drop(ctx, name); err != nil {
			tb.Errorf("dropping a database: %v", err)
		}
	})
	return s.database(name)
}

// With returns a database URL with another value of a parameter.
func With(databaseURL, parameter, value string) string {
	before, query, _ := strings.Cut(databaseURL, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		panic(err)
	}

	values.Set(parameter, value)
	return before + "?" + values.Encode()
}

// Main runs a package's tests, ends the cluster, checks that no goroutine is left, and exits; call it from TestMain.
//
// Tests work without it too: the cluster ends with the process, and the next test process removes its files.
func Main(m *testing.M, options ...goleak.Option) {
	code := m.Run()
	if err := stop(); err != nil {
		fmt.Fprintln(os.Stderr, "ending the Postgres of the tests:", err)
		code = max(code, 1)
	}

	if code == 0 {
		if err := goleak.Find(options...); err != nil {
			fmt.Fprintln(os.Stderr, "goroutines are left after the tests:", err)
			code = 1
		}
	}

	os.Exit(code)
}

// open connects as a superuser or owner for as long as do takes.
func open(ctx context.Context, databaseURL string, do func(*sql.DB) error) error {
	db, err := sql.Open("postgres", databaseURL)
	if err != nil {
		return fmt.Errorf("connecting: %w", err)
	}

	defer func() { _ = db.Close() }()
	if err := db.PingContext(ctx); err != nil {
		return fmt.Errorf("connecting: %w", err)
	}

	return do(db)
}
