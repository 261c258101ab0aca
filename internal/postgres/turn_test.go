package postgres

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/pgtest"
)

// waiting opens the database for callers who wait for a connection for so many milliseconds.
func waiting(t *testing.T, milliseconds int) *DB {
	t.Helper()
	url := strings.Replace(pgtest.New(t).AppURL, "data_api.turn_timeout=120000", "data_api.turn_timeout="+
		strconv.Itoa(milliseconds), 1)
	db, err := Open(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func by(t *testing.T, caller string) context.Context {
	t.Helper()
	return authz.WithActor(t.Context(), authz.Actor{Who: authz.Who{Kind: authz.APIKey, PrincipalID: caller}})
}

// hold begins n transactions that last until the test ends.
func hold(ctx context.Context, t *testing.T, db *DB, ws authz.WorkspaceID, n int) {
	t.Helper()
	var all sync.WaitGroup
	end := make(chan struct{})
	t.Cleanup(func() { close(end); all.Wait() })
	begun := make(chan error, 2*n) // the test's context ends before its transactions do
	for range n {
		all.Go(func() {
			begun <- db.transact(ctx, ws, func(tx *Tx) error {
				tx.bookkeeping("a test")
				begun <- nil
				<-end
				return nil
			})
		})
	}
	for range n {
		if err := <-begun; err != nil {
			t.Fatal(err)
		}
	}
}

func TestTake_AStatementThatScans_CountsAsSeveral(t *testing.T) {
	t.Parallel()
	db := waiting(t, 50)
	acme := authz.NewWorkspaceID()
	hold(by(t, "one"), t, db, acme, perWorkspace-scanTurns)
	var n []int
	if err := db.scan(by(t, "two"), acme, &n, `SELECT 1`); err != nil {
		t.Errorf("where there is room for one: %v", err)
	}

	hold(by(t, "two"), t, db, acme, 1)
	if err := db.scan(by(t, "three"), acme, &n, `SELECT 1`); !fault.Is(err, fault.RateLimited) {
		t.Errorf("where there is none: %v", err)
	}
	if err := db.list(by(t, "three"), acme, &n, `SELECT 1`); err != nil {
		t.Errorf("another statement: %v", err)
	}
}

func TestTake_OneWorkspaceHoldsAllItMay_OthersAndNobodyAreServed(t *testing.T) {
	t.Parallel()
	db := waiting(t, 50)
	acme, globex := authz.NewWorkspaceID(), authz.NewWorkspaceID()
	hold(by(t, "one"), t, db, acme, perCaller)
	wantRateLimited(by(t, "one"), t, db, acme)
	hold(by(t, "two"), t, db, acme, perWorkspace-perCaller)
	wantRateLimited(by(t, "three"), t, db, acme)
	var n int
	if _, err := db.get(by(t, "four"), globex, &n, `SELECT 1`); err != nil {
		t.Errorf("another workspace: %v", err)
	}
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("readiness: %v", err)
	}
	hold(by(t, "four"), t, db, globex, perCaller)
	hold(by(t, "five"), t, db, globex, connections-kept-perWorkspace-perCaller)
	if err := db.Ping(t.Context()); err != nil {
		t.Errorf("readiness, once none is left for workspaces: %v", err)
	}
}

func wantRateLimited(ctx context.Context, t *testing.T, db *DB, ws authz.WorkspaceID) {
	t.Helper()
	var n int
	_, got := db.get(ctx, ws, &n, `SELECT 1`)
	list := db.list(ctx, ws, &[]int{}, `SELECT 1`)
	write := db.transact(ctx, ws, func(*Tx) error { t.Error("it began"); return nil })
	for _, err := range []error{got, list, write} {
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.RateLimited || f.Details["retryAfterSeconds"] == nil {
			t.Errorf("got %v, want RATE_LIMITED", err)
		}
	}
}

func TestConfigured_TurnTimeoutThatIsNone_IsRefusedNamingIt(t *testing.T) {
	t.Parallel()
	for _, dsn := range []string{"postgres:///x?data_api.turn_timeout=soon", "dbname=x data_api.turn_timeout=0"} {
		if _, err := Open(dsn); !fault.Is(err, fault.Invalid) ||
			!strings.Contains(err.Error(), "data_api.turn_timeout") {
			t.Errorf("%s: %v", dsn, err)
		}
	}
}
