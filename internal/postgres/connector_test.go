package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"testing"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/pgtest"
)

// single is a database with one connection.
func single(t *testing.T) (*DB, *pgtest.Database) {
	t.Helper()
	database := pgtest.New(t)
	db := opened(t, database.AppURL)
	db.pool.SetMaxOpenConns(1)
	return db, database
}

func bound(ctx context.Context, t *testing.T, db *DB) (id string) {
	t.Helper()
	if err := db.pool.GetContext(ctx, &id, `SELECT coalesce(bound_workspace()::text, '')`); err != nil {
		t.Fatal(err)
	}
	return id
}

func TestWarm_OpensAllConnections_AndTheyStay(t *testing.T) {
	t.Parallel()
	db, err := Open(pgtest.New(t).AppURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := db.pool.Stats(); got.Idle != connections || got.OpenConnections != connections {
		t.Errorf("%d of %d connections wait for work", got.Idle, got.OpenConnections)
	}
}

func TestConnector_OneConnection_FollowsTheWorkspaceOfEachContext(t *testing.T) {
	t.Parallel()
	db, _ := single(t)
	a, b := authz.NewWorkspaceID(), authz.NewWorkspaceID()
	for _, want := range []authz.WorkspaceID{a, a, b, "", a} {
		if got := bound(bind(t.Context(), want), t, db); got != want.String() {
			t.Fatalf("bound to %q, want %q", got, want)
		}
	}
	if got := bound(bind(t.Context(), "'; DROP TABLE x; --"), t, db); got != "" {
		t.Fatalf("a malformed workspace was bound: %q", got)
	}
}

func TestOpen_EverySession_CompilesNothing(t *testing.T) {
	t.Parallel()
	db, database := single(t)
	queue, err := OpenQueue(database.AppURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = queue.Close() })
	for _, pool := range []*sql.DB{db.pool.DB, queue} {
		var jit string
		if err := pool.QueryRowContext(t.Context(), `SHOW jit`).Scan(&jit); err != nil || jit != "off" {
			t.Errorf("jit is %q, %v", jit, err)
		}
	}
}

func TestConnector_Transaction_IsBoundAndGoesBack(t *testing.T) {
	t.Parallel()
	db, _ := single(t)
	a, b := authz.NewWorkspaceID(), authz.NewWorkspaceID()
	if got := bound(bind(t.Context(), a), t, db); got != a.String() {
		t.Fatalf("bound to %q", got)
	}
	err := db.transact(t.Context(), b, func(tx *Tx) error {
		tx.bookkeeping("a test")
		var got string
		_, err := tx.get(&got, `SELECT bound_workspace()::text`)
		if got != b.String() {
			t.Errorf("the transaction is bound to %q, want %q", got, b)
		}
		var other string
		if _, err := tx.get(&other, `SELECT bound_workspace()::text`); err != nil || other != b.String() {
			t.Errorf("a second statement: %q, %v", other, err)
		}
		tx.ctx = bind(tx.ctx, a)
		if _, err := tx.get(&got, `SELECT 1`); err == nil {
			t.Error("a statement of another workspace ran in the transaction")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := bound(bind(t.Context(), a), t, db); got != a.String() {
		t.Fatalf("after the transaction bound to %q, want %q", got, a)
	}
}

func TestConnector_RepeatedQuery_IsPreparedOnce(t *testing.T) {
	t.Parallel()
	db, _ := single(t)
	for range 5 {
		bound(t.Context(), t, db)
	}
	var prepared int
	if err := db.pool.Get(&prepared, `SELECT count(*) FROM pg_prepared_statements
		WHERE statement LIKE 'SELECT coalesce(bound_workspace%'`); err != nil {
		t.Fatal(err)
	}
	if prepared != 1 {
		t.Fatalf("%d prepared statements, want 1", prepared)
	}
}

func TestConnector_ManyStatements_KeepsABoundedNumber(t *testing.T) {
	t.Parallel()
	db, _ := single(t)
	for i := range maxStatements + 10 {
		query := "SELECT 1 AS c"
		for range i {
			query += " "
		}
		if _, err := db.pool.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	var prepared int
	if err := db.pool.Get(&prepared, `SELECT count(*) FROM pg_prepared_statements`); err != nil {
		t.Fatal(err)
	}
	if prepared > maxStatements {
		t.Fatalf("%d statements are kept, more than %d", prepared, maxStatements)
	}
}

// TestOpen_ByATest_WaitsAsLongAsABusyMachineNeeds is about the URLs of pgtest: what Open sets for production would make
// tests depend on the machine's speed.
func TestOpen_ByATest_WaitsAsLongAsABusyMachineNeeds(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	for _, url := range []string{database.AppURL, database.SuperURL} {
		for _, parameter := range []string{"statement_timeout", "lock_timeout"} {
			var got string
			if err := opened(t, url).pool.Get(&got, `SHOW `+parameter); err != nil || got != "2min" {
				t.Errorf("%s is %s (%v) at %s, want 2min", parameter, got, err, url)
			}
		}
	}
}

func TestConnector_TableChangedUnderAStatement_RunsItAnew(t *testing.T) {
	t.Parallel()
	db, database := single(t)
	owner, err := Open(database.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	for i, ddl := range []string{`CREATE TABLE thing (a integer); GRANT SELECT ON thing TO data_api_app`,
		`ALTER TABLE thing ADD b integer`, `ALTER TABLE thing ALTER a TYPE text`} {
		if err := execAll(t.Context(), owner, ddl); err != nil {
			t.Fatal(err)
		}
		var things []struct{ A, B *string }
		if err := db.pool.Select(&things, `SELECT * FROM thing`); err != nil {
			t.Fatalf("after change %d: %v", i, err)
		}
	}
}

// execAll runs several statements in one message, which a prepared statement cannot.
func execAll(ctx context.Context, db *DB, statements string) error {
	c, err := db.pool.Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(c.Raw(func(raw any) error {
		own, ok := raw.(*conn)
		if !ok {
			return errors.New("not our connection")
		}
		_, err := own.rawConn.ExecContext(ctx, statements, nil)
		return err
	}), c.Close())
}

func TestConnector_ConnectionLost_TheNextQueryRuns(t *testing.T) {
	t.Parallel()
	db, database := single(t)
	bound(t.Context(), t, db)
	super, err := Open(database.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = super.Close() })
	if _, err := super.pool.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
		t.Fatal(err)
	}
	var lost error
	for range 3 {
		if lost = db.Ping(t.Context()); lost == nil {
			return
		}
		if !fault.Is(lost, fault.Unavailable) {
			t.Fatalf("want UNAVAILABLE, got %v", lost)
		}
	}
	t.Fatalf("the pool did not recover: %v", lost)
}

// TestClose_AfterTheDatabaseEndedIdleConnections_IsNoError ends what a pool keeps, as a restart of the database does: a
// server that is told to stop right after it has stopped well.
func TestClose_AfterTheDatabaseEndedIdleConnections_IsNoError(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	db, err := Open(database.AppURL)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	super, err := Open(database.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = super.Close() })
	var left int
	if err := super.pool.Get(&left, `SELECT count(*) FILTER (WHERE NOT pg_terminate_backend(pid, 30000))
		FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil || left > 0 {
		t.Fatal(left, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}

func TestConnector_CancelledContext_LeavesTheConnectionUsable(t *testing.T) {
	t.Parallel()
	db, _ := single(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := db.Ping(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestTransaction_Aborted_CommitIsAnError(t *testing.T) {
	t.Parallel()
	db, _ := single(t)
	err := db.transact(t.Context(), "", func(tx *Tx) error {
		tx.bookkeeping("a test")
		if _, err := tx.exec(`SELECT 1/0`); err == nil {
			t.Error("dividing by zero worked")
		}
		return nil // as a careless caller would
	})
	if !fault.Is(err, fault.Unavailable) {
		t.Fatalf("want UNAVAILABLE, got %v", err)
	}
}

func TestBeginTx_OtherIsolation_IsRefused(t *testing.T) {
	t.Parallel()
	if _, err := (&conn{}).BeginTx(t.Context(), driver.TxOptions{Isolation: 6}); err == nil {
		t.Fatal("an isolation level that nobody asked for was taken")
	}
}

func TestWrap_TransientFaults_AreUnavailable(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]fault.Kind{
		"25006": fault.Unavailable,
		"57P01": fault.Unavailable,
		"40P01": fault.Unavailable,
		"42P01": fault.Internal,
		"23505": fault.Internal,
	} {
		if err := wrap(&pq.Error{Code: pqerror.Code(code)}); fault.KindOf(err) != want {
			t.Errorf("%s is %s, want %s", code, fault.KindOf(err), want)
		}
	}
}
