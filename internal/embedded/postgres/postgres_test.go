package postgres_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/embedded/postgres"
	"github.com/provenanceone/data-api/internal/fault"
)

func TestStart_Anew_HasRolesAndDatabase(t *testing.T) {
	t.Parallel()
	cluster := start(t, stateDir(t))
	for _, role := range []string{postgres.Superuser, postgres.Owner, postgres.App} {
		db, err := sql.Open("postgres", cluster.URL(role, postgres.Database))
		if err != nil {
			t.Fatal(err)
		}
		var is string
		var above bool
		err = db.QueryRowContext(t.Context(), `SELECT current_user, rolsuper OR rolbypassrls OR rolcreatedb
			OR rolcreaterole
			FROM pg_roles WHERE rolname = current_user`).Scan(&is, &above)
		if err = errors.Join(err, db.Close()); err != nil {
			t.Fatal(err)
		}
		if is != role || above != (role == postgres.Superuser) {
			t.Errorf("connecting as %s gave %s, powerful: %t", role, is, above)
		}
	}
	if got := ask(t, cluster, `SHOW server_encoding`); got != "UTF8" {
		t.Errorf("the encoding is %s", got)
	}
	if got := ask(t, cluster,
		`SELECT string_agg(c, '' ORDER BY c) FROM unnest(ARRAY['b', 'a', 'B', 'é']) c`); got != "Babé" {
		t.Errorf("text sorts as %s, not by code point", got)
	}
}

func TestStart_Again_KeepsData(t *testing.T) {
	t.Parallel()
	dir := madeDir(t)
	first := start(t, dir)
	ask(t, first, `CREATE TABLE kept AS SELECT 'it' AS what`)
	address := first.URL(postgres.App, postgres.Database)
	stop(t, first)
	second := start(t, dir)
	if got := ask(t, second, `SELECT what FROM kept`); got != "it" {
		t.Errorf("found %q", got)
	}
	if got := second.URL(postgres.App, postgres.Database); got != address {
		t.Errorf("the address moved from %s to %s", address, got)
	}
}

func TestStart_Settings_OverrideOurs(t *testing.T) {
	t.Parallel()
	cluster, err := postgres.Start(t.Context(), postgres.Options{
		Dir: madeDir(t),
		Settings: map[string]string{
			"fsync":            "off",
			"application_name": `it's a \ test`,
			"max_connections":  "17",
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, cluster)
	if got := ask(t, cluster, `SHOW max_connections`); got != "17" {
		t.Errorf("max_connections is %s", got)
	}
	if got := ask(t, cluster, `SELECT boot FROM (SELECT reset_val AS boot FROM pg_settings
		WHERE name = 'application_name') s`); got != `it's a \ test` {
		t.Errorf("application_name is %s", got)
	}
}

func TestStart_BadSetting_IsExplainedByTheLog(t *testing.T) {
	t.Parallel()
	_, err := postgres.Start(t.Context(), postgres.Options{
		Dir: madeDir(t),
		Settings: map[string]string{
			"fsync":          "off",
			"shared_buffers": "many",
		},
	})
	if err == nil || !strings.Contains(err.Error(), `invalid value for parameter "shared_buffers"`) {
		t.Fatalf("the error is %v", err)
	}
}

func TestStart_Cancelled_LeavesNothingRunning(t *testing.T) {
	t.Parallel()
	dir := stateDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	progress := func(string) { cancel() }
	if _, err := postgres.Start(ctx, postgres.Options{
		Dir:      dir,
		Settings: quick,
		Progress: progress,
	}); !errors.Is(err, context.Canceled) {
		t.Fatalf("the error is %v", err)
	}
	if got := ask(t, start(t, dir), `SELECT 'well'`); got != "well" {
		t.Errorf("after a start that was cancelled the next one answers %q", got)
	}
}

func TestStart_InUse_IsRefusedNamingTheHolder(t *testing.T) {
	t.Parallel()
	dir := madeDir(t)
	other := holdElsewhere(t, dir)
	_, err := postgres.Start(t.Context(), postgres.Options{Dir: dir, Settings: quick})
	if !fault.Is(err, fault.Conflict) || !strings.Contains(err.Error(), "pid "+itoa(other.cmd.Process.Pid)+")") {
		t.Fatalf("the error is %v", err)
	}
	if !alive(other.server) {
		t.Error("the refused start ended the other's server")
	}
}

func TestStop_Twice_AndWithSessions(t *testing.T) {
	t.Parallel()
	cluster := start(t, madeDir(t))
	db, err := sql.Open("postgres", cluster.URL(postgres.App, postgres.Database))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.PingContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	stop(t, cluster)
	stop(t, cluster)
	select {
	case <-cluster.Done():
		t.Error("a server that was stopped counts as one that ended unexpectedly")
	default:
	}
}

func TestStop_Hurried_LosesNothing(t *testing.T) {
	t.Parallel()
	dir := madeDir(t)
	cluster := start(t, dir)
	ask(t, cluster, `CREATE TABLE kept AS SELECT 'it' AS what`)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := cluster.Stop(ended); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if alive(cluster.PID()) {
		t.Error("the server still runs")
	}
	if got := ask(t, start(t, dir), `SELECT what FROM kept`); got != "it" {
		t.Errorf("found %q", got)
	}
}

func TestLog_NeverHoldsValues(t *testing.T) {
	t.Parallel()
	dir := madeDir(t)
	cluster := start(t, dir)
	ask(t, cluster, `CREATE TABLE single AS SELECT 'hunter1' AS value`)
	ask(t, cluster, `CREATE UNIQUE INDEX ON single (value)`)
	for statement, args := range map[string][]any{
		`INSERT INTO single VALUES ('hunter1')`:                        nil,
		`INSERT INTO single VALUES ($1)`:                               {"hunter1"},
		`SELECT 'hunter2'::int`:                                        nil,
		`SELECT $1::text::uuid`:                                        {"hunter2"},
		`SELECT hunter2 FROM`:                                          nil,
		`DO $$ BEGIN RAISE WARNING 'hunter2'; RAISE 'hunter2'; END $$`: nil,
	} {
		if _, err := tryAsk(t, cluster, statement, args...); err == nil {
			t.Errorf("%s: no error", statement)
		}
	}
	stop(t, cluster)
	log, err := os.ReadFile(filepath.Join(dir, "postgres.log"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(log), "hunter") || !strings.Contains(string(log), "ready to accept connections") {
		t.Errorf("the log:\n%s", log)
	}
}

func TestBin_FindsWhatThereIs(t *testing.T) {
	t.Parallel()
	cluster := start(t, madeDir(t))
	path, err := cluster.Bin("initdb")
	if err != nil || filepath.Base(path) != "initdb" {
		t.Errorf("initdb is %q, error %v", path, err)
	}
	if _, err := cluster.Bin("pg_nonsense"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a program that there is not: %v", err)
	}
}

func TestStart_LongPath_HasItsSocketElsewhere(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(stateDir(t), strings.Repeat("long", 30))
	if err := os.Rename(madeDir(t), dir); err != nil {
		t.Fatal(err)
	}
	cluster := start(t, dir)
	if got := ask(t, cluster, `SELECT 'well'`); got != "well" {
		t.Errorf("answered %q", got)
	}
	stop(t, cluster)
	if err := postgres.Remove(t.Context(), dir); err != nil {
		t.Error(err)
	}
}
