package migrations_test

import (
	"context"
	"database/sql"
	"os"
	"testing"

	"github.com/pressly/goose/v3"

	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/migrations"
)

// released is the newest migration that the servers of the version before know.
const released = 15

// inUse are the tables that the migrations after one make indexes of or drop some of, or whose functions they replace.
// One that gets a trigger has a test of its own, and stands with the migrations after that.
var inUse = map[int64][]string{
	released: {"secret", "upload", "blob", "deletion", "lease", "lease_secret", "secret_version", "object_version",
		"datastore", "api_key"},
	25: {"object"},
	26: {"datastore", "secret"},
}

// TestUp_BesideServersOfTheVersionBefore_KeepsNobodyWaiting has a transaction open on the tables at each moment. Each
// time the migrations wait for one, the next begins, as servers do that do not know of migrations, and gives up where
// it has to wait for a lock. No clock decides: with a lock that conflicts, it waits for ever.
func TestUp_BesideServersOfTheVersionBefore_KeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	for before, tables := range inUse {
		t.Run(tables[0], func(t *testing.T) {
			t.Parallel()
			database := pgtest.NewEmpty(t)
			owner := connect(t, database.OwnerURL)
			servers := connect(t, pgtest.With(database.SuperURL, "lock_timeout", "2000"))
			upTo(t, owner, before)
			done := make(chan error, 1)
			server, pid := write(t, servers, tables...)
			go func() { done <- migrations.Up(context.WithoutCancel(t.Context()), owner) }()

			waits := 0
			for ; waitsFor(t, servers, pid, done); waits++ {
				next, nextPID := write(t, servers, tables...)
				testkit.Must(t, server.Commit())
				server, pid = next, nextPID
			}
			if waits == 0 {
				t.Error("the migrations waited for no server: this shows nothing")
			}
			testkit.Must(t, server.Commit())
		})
	}
}

// TestUp_LockingATable_KeepsNobodyWaiting has a server write a table that a migration locks, while another one's
// transaction keeps the migration from it: it must give up its place, or the second would wait for the first.
func TestUp_LockingATable_KeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	for table, before := range map[string]int64{"object": 20, "audit_event": 22, "workspace": 22} {
		t.Run(table, func(t *testing.T) {
			t.Parallel()
			database := pgtest.NewEmpty(t)
			owner, servers := connect(t, database.OwnerURL), connect(t, database.SuperURL)
			upTo(t, owner, before)
			done := make(chan error, 1)
			first, pid := write(t, servers, table)
			go func() { done <- migrations.Up(context.WithoutCancel(t.Context()), owner) }()
			if !waitsFor(t, servers, pid, done) {
				t.Fatal("the migrations waited for no server: this shows nothing")
			}
			second, _ := write(t, servers, table)
			for _, server := range []*sql.Tx{first, second} {
				testkit.Must(t, server.Commit())
			}
			testkit.Must(t, <-done)
		})
	}
}

func TestUp_BrokenOffWhileItBuildsAnIndex_IsRepeated(t *testing.T) {
	t.Parallel()
	database := pgtest.NewEmpty(t)
	owner, servers := connect(t, database.OwnerURL), connect(t, database.SuperURL)
	upTo(t, owner, released)
	server, pid := write(t, servers, inUse[released]...)
	done := make(chan error, 1)
	starter, kill := context.WithCancel(t.Context())
	defer kill()
	go func() { done <- migrations.Up(starter, owner) }()
	if !waitsFor(t, servers, pid, done) {
		t.Fatal("the migrations waited for no server")
	}
	kill()
	if err := <-done; err == nil {
		t.Fatal("the migrations ended well though they were broken off")
	}
	if n := invalid(t, servers); n != 1 {
		t.Errorf("%d invalid indexes are left, want one: this shows nothing", n)
	}
	testkit.Must(t, server.Commit())
	testkit.Must(t, migrations.Up(t.Context(), owner))
	if n := invalid(t, servers); n != 0 {
		t.Errorf("%d indexes are invalid", n)
	}
}

func upTo(t *testing.T, owner *sql.DB, version int64) {
	t.Helper()
	provider, err := goose.NewProvider(goose.DialectPostgres, owner, os.DirFS("."))
	testkit.Must(t, err)
	if _, err := provider.UpTo(t.Context(), version); err != nil {
		t.Fatal(err)
	}
}

// write begins a transaction that has read and written each table, as a server does.
func write(t *testing.T, servers *sql.DB, tables ...string) (tx *sql.Tx, pid int) {
	t.Helper()
	tx, err := servers.BeginTx(t.Context(), &sql.TxOptions{Isolation: sql.LevelRepeatableRead})
	testkit.Must(t, err)
	for _, table := range tables {
		if _, err := tx.ExecContext(t.Context(), `SELECT FROM `+table); err != nil {
			t.Fatalf("reading %s beside the migrations: %v", table, err)
		}
		if _, err := tx.ExecContext(t.Context(), `DELETE FROM `+table); err != nil {
			t.Fatalf("writing %s beside the migrations: %v", table, err)
		}
	}
	testkit.Must(t, tx.QueryRowContext(t.Context(), `SELECT pg_backend_pid()`).Scan(&pid))
	return tx, pid
}

// waitsFor returns once somebody waits for the session, or false once the migrations are done.
func waitsFor(t *testing.T, servers *sql.DB, pid int, done <-chan error) (waits bool) {
	t.Helper()
	for !waits {
		select {
		case err := <-done:
			testkit.Must(t, err)
			return false
		default:
		}
		row := servers.QueryRowContext(t.Context(), `SELECT EXISTS (SELECT FROM pg_locks
			WHERE NOT granted AND pid <> $1 AND $1 = ANY(pg_blocking_pids(pid)))`, pid)
		testkit.Must(t, row.Scan(&waits))
	}
	return true
}

func invalid(t *testing.T, servers *sql.DB) (n int) {
	t.Helper()
	row := servers.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_index WHERE NOT indisvalid`)
	testkit.Must(t, row.Scan(&n))
	return n
}
