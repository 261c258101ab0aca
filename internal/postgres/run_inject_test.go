package postgres_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
)

func TestInject_DatabaseReadOnly_ReadsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.inject(t, f.secret(t, "stripe"))
	_, err := open(t, f.SuperURL).Exec(`ALTER DATABASE ` + f.Name + ` SET default_transaction_read_only = on`)
	testkit.Must(t, err)
	_, err = open(t, f.SuperURL).Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	testkit.Must(t, err)
	notInjected(t, f, c)
}

func TestInject_BackendKilledAtCommit_ReadsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.inject(t, f.secret(t, "stripe"))
	_, err := open(t, f.SuperURL).Exec(`
		CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
		CREATE CONSTRAINT TRIGGER die_at_commit AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED
			FOR EACH ROW WHEN (NEW.action = 'secret.injected') EXECUTE FUNCTION die()`)
	testkit.Must(t, err)
	notInjected(t, f, c)
	events, err := f.db.AuditLog().List(t.Context(), f.acme.Workspace, audit.Filter{Action: audit.SecretInjected},
		page.Request{First: 100})
	testkit.Must(t, err)
	if len(events.Items) != 1 {
		t.Fatalf("%d events are on record, although all commits but the fixture's died", len(events.Items))
	}
	var leases int
	testkit.Must(t, open(t, f.SuperURL).QueryRow(`SELECT count(*) FROM lease`).Scan(&leases))
	if leases != 1 {
		t.Errorf("%d leases", leases)
	}
}

func notInjected(t *testing.T, f fixture, c run.PinRequest) {
	t.Helper()
	v := &vault{}
	for range 3 { // the first may only find its connection closed
		given, err := run.NewService(f.db.Runs(), f.db.RuntimeKeys(), v, secret.ServerKeys{nil}, time.Now).
			Inject(t.Context(), f.acme, c.InjectRequest)
		if !fault.Is(err, fault.Unavailable) {
			t.Fatalf("want UNAVAILABLE, got %v", err)
		}
		if given.Secrets != nil || v.reads != 0 {
			t.Fatalf("a value was read (%d reads) without an event", v.reads)
		}
	}
}

func TestInject_ForeignWorkspace_FindsNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.inject(t, f.secret(t, "stripe"))
	v := &vault{}
	_, err := run.NewService(f.db.Runs(), f.db.RuntimeKeys(), v, secret.ServerKeys{nil}, time.Now).
		Inject(t.Context(), f.globex, c.InjectRequest)
	if !fault.Is(err, fault.NotFound) || v.reads != 0 {
		t.Errorf("got %v after %d reads", err, v.reads)
	}
}
