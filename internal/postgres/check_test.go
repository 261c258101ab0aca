package postgres

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/pgtest"
)

func opened(t *testing.T, url string) *DB {
	t.Helper()
	db, err := Open(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// wantUnavailable checks that an error tells what to change.
func wantUnavailable(t *testing.T, err error, say string) {
	t.Helper()
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), say) {
		t.Errorf("got %v, want %q", err, say)
	}
}

// superuser runs a statement as one.
func superuser(t *testing.T, database *pgtest.Database, statement string) {
	t.Helper()
	if _, err := opened(t, database.SuperURL).pool.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

// everywhere runs a statement on every session that a pool keeps.
func everywhere(t *testing.T, db *DB, statement string) {
	t.Helper()
	if err := db.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	for range connections {
		c, err := db.pool.Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		if err := c.Raw(func(raw any) error { return set(t.Context(), raw.(*conn).rawConn, statement) }); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCheck_PoolerInSessionMode_IsFine(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	db := opened(t, pgtest.NewPooler(t, database.AppURL, "session").URL(database.AppURL))
	for range 3 {
		if err := db.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Ready(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestCheck_PoolerThatSharesSessions_IsRefused(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	for _, mode := range []string{"transaction", "transaction\nserver_round_robin = 1"} {
		pooler := pgtest.NewPooler(t, database.AppURL, mode)
		for range 5 { // the pool of the pooler grows
			wantUnavailable(t, opened(t, pooler.URL(database.AppURL)).Check(t.Context()), "set its pool_mode to session")
		}
	}
}

func TestCheck_PoolerThatIsSwitched_IsRefused(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	pooler := pgtest.NewPooler(t, database.AppURL, "session")
	db := opened(t, pooler.URL(database.AppURL))
	if err := errors.Join(db.Warm(t.Context()), db.Check(t.Context())); err != nil {
		t.Fatal(err)
	}
	pooler.Restart("transaction")
	wantUnavailable(t, db.Check(t.Context()), "set its pool_mode to session")
	pooler.Restart("session")
	if err := db.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestMigrate_PoolerThatSharesSessions_IsRefused(t *testing.T) {
	t.Parallel()
	database := pgtest.NewEmpty(t)
	_, err := Migrate(t.Context(), pgtest.NewPooler(t, database.OwnerURL, "transaction").URL(database.OwnerURL))
	wantUnavailable(t, err, "set its pool_mode to session")
}

func TestCheck_ParameterThatASessionDoesNotHave_IsNamed(t *testing.T) {
	t.Parallel()
	db := opened(t, pgtest.New(t).AppURL+"&search_path=public,river&jit=on")
	if err := db.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	everywhere(t, db, `SET statement_timeout = 1000`)
	wantUnavailable(t, db.Check(t.Context()), "not in effect: statement_timeout.")
}

func TestCheck_ManyAtOnce_TakeNoMoreConnectionsThanOne(t *testing.T) {
	t.Parallel()
	db := opened(t, pgtest.New(t).AppURL)
	answers := make(chan error, 100)
	for range cap(answers) {
		go func() { answers <- db.Check(t.Context()) }()
	}
	for range cap(answers) {
		if err := <-answers; err != nil {
			t.Error(err)
		}
	}
	if n := db.pool.Stats().OpenConnections; n > checked {
		t.Errorf("%d connections", n)
	}
}

func TestCheck_ServerThatTakesNoWrites_IsRefused(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	before := opened(t, database.AppURL)
	everywhere(t, before, `SET default_transaction_read_only = on`)
	wantUnavailable(t, before.Check(t.Context()), "The database is read-only")
	if err := before.Check(t.Context()); err != nil {
		t.Errorf("connections to the former server are still used: %v", err)
	}
	superuser(t, database, `ALTER DATABASE `+database.Name+` SET default_transaction_read_only = on`)
	wantUnavailable(t, ForOperator(opened(t, database.AppURL).Check(t.Context())), "The database is read-only")
	wantUnavailable(t, opened(t, database.AppURL+"&target_session_attrs=any").Check(t.Context()),
		"The database is read-only")
}

// TestWrite_ServerThatBecameReadOnly_FailsOnce has every session of a pool at a server that a failover has left, and
// new ones at the one that took over.
func TestWrite_ServerThatBecameReadOnly_FailsOnce(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	superuser(t, database, `CREATE TABLE note (text text)`)
	superuser(t, database, `GRANT INSERT ON note TO data_api_app`)
	db := opened(t, database.AppURL)
	everywhere(t, db, `SET default_transaction_read_only = on`)
	failed := 0
	for range 40 {
		err := db.transact(t.Context(), "", func(tx *Tx) error {
			tx.bookkeeping("a test")
			_, err := tx.exec(`INSERT INTO note VALUES ('a')`)
			return err
		})
		if err != nil && !fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
		if err != nil {
			failed++
		}
	}
	if failed != 1 {
		t.Errorf("%d of 40 writes failed", failed)
	}
}

func TestConnector_ServerThatShutsDown_IsNotAskedAgain(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"57P01", "57P02", "57P03"} {
		db, _ := single(t)
		before := sessionOf(t, db)
		if err := db.pool.GetContext(bind(t.Context(), ""), new(string), `SELECT 1`); err != nil {
			t.Fatal(err)
		}
		if _, err := db.pool.Exec(`DO $$ BEGIN RAISE SQLSTATE '` + code + `'; END $$`); !codeIs(err, code) {
			t.Fatal(err)
		}
		if sessionOf(t, db) == before {
			t.Errorf("after %s the connection is kept", code)
		}
	}
}

func TestConnector_OldConnection_IsReplaced(t *testing.T) {
	t.Parallel()
	db, _ := single(t)
	if before := sessionOf(t, db); sessionOf(t, db) != before {
		t.Error("a new connection was replaced")
	}
	db.connector.lifetime = 4 // nanoseconds
	_ = db.pool.QueryRowContext(t.Context(), `DO $$ BEGIN RAISE SQLSTATE '57P01'; END $$`).Scan()
	if before := sessionOf(t, db); sessionOf(t, db) == before {
		t.Error("an old connection was kept")
	}
}

// sessionOf is the process of the session that a pool with one uses next.
func sessionOf(t *testing.T, db *DB) (pid string) {
	t.Helper()
	err := db.pool.QueryRowContext(context.WithoutCancel(t.Context()), `SELECT pg_backend_pid()::text`).Scan(&pid)
	if err != nil && err != sql.ErrNoRows {
		t.Fatal(err)
	}
	return pid
}
