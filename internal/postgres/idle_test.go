package postgres

import (
	"bytes"
	"database/sql"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/pgtest"
)

// warm is a database whose connections are all open.
func warm(t *testing.T) (*DB, *pgtest.Database) {
	t.Helper()
	database := pgtest.New(t)
	db := opened(t, database.AppURL)
	if err := db.Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
	return db, database
}

// TestIdle_SessionBoundToTheWorkspace_ServesItAgain holds that no message binds a session where one is bound already,
// whichever connection came last.
func TestIdle_SessionBoundToTheWorkspace_ServesItAgain(t *testing.T) {
	t.Parallel()
	db, _ := warm(t)
	workspaces := make([]authz.WorkspaceID, connections)
	for i := range workspaces {
		workspaces[i] = authz.NewWorkspaceID()
	}
	visit := func() {
		for _, ws := range workspaces {
			if got := bound(bind(t.Context(), ws), t, db); got != ws.String() {
				t.Errorf("a session of %s serves %s", got, ws)
			}
		}
	}
	visit() // binds a session to each workspace, and prepares the statement in each
	before := db.RoundTrips()
	visit()
	if got := db.RoundTrips() - before; got != int64(len(workspaces)) {
		t.Errorf("%d round trips for %d statements of workspaces that have a session", got, len(workspaces))
	}
}

// TestByHash_BindsTheSession_ForWhatItsWorkspaceAsksNext holds that a key is looked up in one round trip, and that what
// its workspace asks for next takes one more.
func TestByHash_BindsTheSession_ForWhatItsWorkspaceAsksNext(t *testing.T) {
	t.Parallel()
	db, database := warm(t)
	super, err := sql.Open("postgres", database.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = super.Close() })
	keys := map[authz.WorkspaceID][]byte{}
	for i := range byte(2 * connections) {
		ws, hash := authz.NewWorkspaceID(), bytes.Repeat([]byte{i}, 32)
		keys[ws] = hash
		if _, err := super.ExecContext(t.Context(), `WITH w AS (INSERT INTO workspace (id, name, region)
				VALUES ($1, 'w', 'eu') RETURNING id)
			INSERT INTO api_key (workspace_id, id, name, prefix, token_hash, scopes, created_by_kind, created_by_id,
				created_by_label)
			SELECT id, gen_random_uuid(), 'k', 'p', $2, '{"secrets:read"}', 'USER', 'u', 'u' FROM w`,
			ws, hash); err != nil {
			t.Fatal(err)
		}
	}
	visit := func() {
		for ws, hash := range keys {
			k, found, err := db.APIKeys().ByHash(t.Context(), hash)
			if err != nil || !found || k.Workspace != ws {
				t.Fatalf("%+v, %v, %v, want a key of %s", k, found, err, ws)
			}
			if got := bound(bind(t.Context(), ws), t, db); got != ws.String() {
				t.Errorf("a session of %s serves %s", got, ws)
			}
		}
	}
	visit() // prepares the statements
	before := db.RoundTrips()
	visit()
	if got := db.RoundTrips() - before; got != int64(2*len(keys)) {
		t.Errorf("%d round trips for %d look-ups and as many statements", got, len(keys))
	}

	if _, found, err := db.APIKeys().ByHash(t.Context(), []byte("unknown")); found || err != nil {
		t.Errorf("an unknown key: %v, %v", found, err)
	}
	visit()
}

// TestIdle_ManyWorkspacesAtOnce_EachStatementRunsAsItsOwn is the one that the race detector watches.
func TestIdle_ManyWorkspacesAtOnce_EachStatementRunsAsItsOwn(t *testing.T) {
	t.Parallel()
	db, _ := warm(t)
	var all errgroup.Group
	for range 2 * connections {
		ws := authz.NewWorkspaceID()
		all.Go(func() error {
			for range 50 {
				var got string
				if err := db.pool.GetContext(bind(t.Context(), ws), &got, `SELECT bound_workspace()`); err != nil {
					return err
				}
				if got != ws.String() {
					t.Errorf("a statement of %s ran as %q", ws, got)
				}
			}
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
}

// TestIdle_ConnectionTakenWithoutAReset_KeepsItsSessionWhileInUse is for one that the pool hands out without a reset,
// as it does after a caller gave up waiting for a new one.
func TestIdle_ConnectionTakenWithoutAReset_KeepsItsSessionWhileInUse(t *testing.T) {
	t.Parallel()
	i := &idle{}
	a, b := &conn{session: &session{}}, &conn{session: &session{}}
	i.enter(a)
	i.enter(a) // as the pool says of one that nobody came for
	i.enter(b)
	i.leave(a, "")
	mine := a.session
	i.leave(b, "another")
	i.leave(a, "another")
	if a.session != mine || b.session == mine || len(i.conns) != 0 {
		t.Error("a connection in use lost its session")
	}
}

// TestBindingRows_StatementFailsAfterItsRow_TheSessionIsBoundAnew is for a statement that bound its session and then
// failed: Postgres takes that back.
func TestBindingRows_StatementFailsAfterItsRow_TheSessionIsBoundAnew(t *testing.T) {
	t.Parallel()
	db, _ := single(t)
	before, named := authz.NewWorkspaceID(), authz.NewWorkspaceID()
	bound(bind(t.Context(), before), t, db)
	var row struct {
		Quotient int
		Bound    string
	}
	if err := db.pool.GetContext(bind(t.Context(), selfBinding), &row, `SELECT 1 / (2 - i) AS quotient,
		set_config('app.workspace_id', $1, false) AS bound FROM generate_series(1, 2) i`, named.String()); err == nil {
		t.Fatal("nothing failed")
	}
	for _, want := range []authz.WorkspaceID{named, before} {
		if got := bound(bind(t.Context(), want), t, db); got != want.String() {
			t.Errorf("a statement of %s ran as %s", want, got)
		}
	}
}
