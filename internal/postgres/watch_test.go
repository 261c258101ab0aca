package postgres

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
)

// generous is longer than any machine needs for what takes milliseconds, and shorter than the statements would sleep.
const generous = 40 * time.Second

func TestWatch_CallerGoesWhileAStatementRuns_EndsItHereAndThere(t *testing.T) {
	t.Parallel()
	db, database := single(t)
	other, err := Open(database.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	for name, sleep := range map[string]func(context.Context) error{
		"reading": func(ctx context.Context) error {
			var slept string
			_, err := db.get(ctx, "", &slept, `SELECT pg_sleep(60)::text`)
			return err
		},
		"reading row by row": func(ctx context.Context) error {
			var rows []string
			return db.list(ctx, "", &rows, `SELECT CASE WHEN n > 2000 THEN pg_sleep(60)::text
				ELSE repeat('x', 100) END FROM generate_series(1, 2001) n`)
		},
		"past what binds a context": func(ctx context.Context) error {
			var slept string
			return db.pool.GetContext(ctx, &slept, `SELECT pg_sleep(60)::text`)
		},
		"in a transaction": func(ctx context.Context) error {
			return db.transact(ctx, authz.NewWorkspaceID(), func(tx *Tx) error {
				tx.bookkeeping("a test")
				_, err := tx.exec(`SELECT pg_sleep(60)`)
				return err
			})
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		began := time.Now()
		go func() {
			for !other.sleeps(t) && time.Since(began) < generous {
				time.Sleep(5 * time.Millisecond)
			}
			cancel()
		}()
		if err := sleep(ctx); !errors.Is(err, context.Canceled) || time.Since(began) > generous {
			t.Errorf("%s: after %s it ended with %v", name, time.Since(began), err)
		}
		for other.sleeps(t) {
			if time.Since(began) > 2*generous {
				t.Fatalf("%s: Postgres goes on with it", name)
			}
			time.Sleep(20 * time.Millisecond)
		}
		if err := db.Ping(t.Context()); err != nil {
			t.Errorf("%s: the next statement: %v", name, err)
		}
	}
}

// sleeps reports whether some session of this database runs a statement that sleeps.
func (d *DB) sleeps(t *testing.T) bool {
	t.Helper()
	var n int
	if err := d.pool.Get(&n, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
		AND wait_event = 'PgSleep'`); err != nil {
		t.Error(err)
	}
	return n > 0
}

func TestWatch_NoConnectionFree_WaitsNoLongerThanTheCaller(t *testing.T) {
	t.Parallel()
	db, _ := single(t)
	if err := db.turns.kept.Acquire(t.Context(), kept); err != nil {
		t.Fatal(err)
	}
	defer db.turns.kept.Release(kept)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	var n int
	_, got := db.get(ctx, "", &n, `SELECT 1`)
	list := db.list(ctx, "", &[]int{}, `SELECT 1`)
	write := db.transact(ctx, "", func(*Tx) error { t.Error("it began"); return nil })
	for _, err := range []error{got, list, write} {
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	}
}

func TestWatch_CallerGoesBeforeTheCommit_NothingIsDone(t *testing.T) {
	t.Parallel()
	db, database := single(t)
	super, err := Open(database.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = super.Close() })
	for _, statement := range []string{`CREATE TABLE note (text text)`, `GRANT INSERT ON note TO data_api_app`} {
		if _, err := super.pool.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = db.transact(ctx, "", func(tx *Tx) error {
		tx.bookkeeping("a test")
		_, err := tx.exec(`INSERT INTO note VALUES ('kept')`)
		cancel()
		return err
	})
	var kept int
	if err := errors.Join(ignoreCanceled(err),
		super.pool.Get(&kept, `SELECT count(*) FROM note`)); err != nil || kept != 0 {
		t.Errorf("%d rows, %v", kept, err)
	}
}

// ignoreCanceled is nil for exactly the error that is wanted.
func ignoreCanceled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return errors.Join(errors.New("it was not cancelled"), err)
}
