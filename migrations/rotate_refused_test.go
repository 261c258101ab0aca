package migrations_test

import (
	"context"
	"testing"

	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/migrations"
)

// TestUp_DroppingAnIndexOfTheLog_KeepsNobodyWaiting has a long transaction on the audit log open, and a short one
// beside it.
func TestUp_DroppingAnIndexOfTheLog_KeepsNobodyWaiting(t *testing.T) {
	t.Parallel()
	database := pgtest.NewEmpty(t)
	owner, servers := connect(t, database.OwnerURL), connect(t, pgtest.With(database.SuperURL, "lock_timeout", "2000"))
	upTo(t, owner, 19)
	long, err := servers.BeginTx(t.Context(), nil)
	testkit.Must(t, err)
	var pid int
	if err := long.QueryRowContext(t.Context(), `SELECT pg_backend_pid() FROM (SELECT count(*) FROM audit_event) e`).
		Scan(&pid); err != nil {
		t.Fatal(err)
	}

	done := make(chan error, 1)
	go func() { done <- migrations.Up(context.WithoutCancel(t.Context()), owner) }()
	for range 3 {
		if !waitsFor(t, servers, pid, done) {
			t.Fatal("the migration waited for nobody: this shows nothing")
		}
		if _, err := servers.ExecContext(t.Context(), `SELECT count(*) FROM audit_event`); err != nil {
			t.Errorf("reading beside the migration: %v", err)
		}
	}
	testkit.Must(t, long.Commit())
	testkit.Must(t, <-done)
}
