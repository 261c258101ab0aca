package postgres_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/run"
)

func (f fixture) pin(t *testing.T, c run.PinRequest) error {
	t.Helper()
	_, err := f.db.Runs().Pin(t.Context(), c, audit.Record(f.acme, audit.SecretInjected),
		audit.Record(f.acme, audit.SecretInjectRefused).Awaits("secretIds"))
	return err
}

func TestEndLeasesOf_EndsThoseThatPinTheVersion_AndNoOther(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	s := f.secret(t, "stripe")
	c := f.inject(t, s)
	for version, want := range map[int32]int{2: 0, 1: 1} {
		n, err := f.db.EndLeasesOf(t.Context(), f.acme.Workspace, s.ID, version)
		testkit.Must(t, err)
		if n != want {
			t.Errorf("%d leases of version %d were ended", n, version)
		}
	}
	c.LeaseID, c.TokenHash = &c.Under, []byte("another token of thirty-two bytes")[:32]
	if err := f.pin(t, c); !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v", err)
	}
	if n, err := f.db.EndLeasesOf(t.Context(), f.acme.Workspace, s.ID, 1); n != 0 || err != nil {
		t.Errorf("%d leases were ended twice, %v", n, err)
	}
}

// TestEndLeasesOf_BesideAnInjection_MissesNone ends leases while an injection has read what is current and not
// committed yet.
func TestEndLeasesOf_BesideAnInjection_MissesNone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	s := f.secret(t, "stripe")
	c := f.inject(t, s)
	super := open(t, f.SuperURL)
	_, err := super.Exec(`CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END';
		CREATE TRIGGER dawdle BEFORE INSERT ON lease_token FOR EACH ROW EXECUTE FUNCTION dawdle()`)
	testkit.Must(t, err)
	gate, err := super.Conn(t.Context())
	testkit.Must(t, err)
	_, err = gate.ExecContext(t.Context(), `SELECT pg_advisory_lock(1)`)
	testkit.Must(t, err)
	c.Under = ident.New[run.Lease]()
	done := make(chan error)
	go func() { done <- f.pin(t, c) }()
	waitForLock(t, f)
	n, err := f.db.EndLeasesOf(t.Context(), f.acme.Workspace, s.ID, 1)
	testkit.Must(t, err)
	if n != 1 {
		t.Errorf("%d leases were open", n)
	}
	_, err = gate.ExecContext(t.Context(), `SELECT pg_advisory_unlock(1)`)
	testkit.Must(t, err)
	testkit.Must(t, gate.Close())
	testkit.Must(t, <-done)
	c.LeaseID, c.TokenHash = &c.Under, []byte("another token of thirty-two bytes")[:32]
	if err := f.pin(t, c); !fault.Is(err, fault.Conflict) {
		t.Errorf("under a lease that began beside it: %v", err)
	}
}

// waitForLock waits until somebody waits for a lock.
func waitForLock(t *testing.T, f fixture) {
	t.Helper()
	super := open(t, f.SuperURL)
	for deadline := time.Now().Add(time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		var n int
		testkit.Must(t, super.QueryRow(`SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
			AND wait_event_type = 'Lock'`).Scan(&n))
		if n > 0 {
			return
		}
	}
	t.Error("nobody waits for the lock")
}

func TestVersionIsLeased_WhileALeaseThatPinsItIsOpen(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	s := f.secret(t, "stripe")
	f.inject(t, s)
	super := open(t, f.SuperURL)
	leased := func(version int) (yes bool) {
		testkit.Must(t, super.QueryRow(`SELECT version_is_pinned($1, $2, $3)`, f.acme.Workspace.String(), s.ID.String(),
			version).Scan(&yes))
		return yes
	}
	if !leased(1) || leased(2) {
		t.Error("an open lease pins version 1 alone")
	}
	for _, over := range []string{`UPDATE lease SET ended_at = now()`, `UPDATE lease SET ended_at = NULL,
		created_at = now() - interval '1 day', expires_at = now()`} {
		_, err := super.Exec(over)
		testkit.Must(t, err)
		if leased(1) {
			t.Errorf("after %s it is leased still", over)
		}
	}
}

func TestPin_NewLease_DropsSomeThatAreLongOver(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	c := f.inject(t, f.secret(t, "stripe"))
	super := open(t, f.SuperURL)
	_, err := super.Exec(`UPDATE lease SET created_at = now() - interval '3 days',
		expires_at = now() - interval '25 hours'`)
	testkit.Must(t, err)
	c.Under = ident.New[run.Lease]()
	testkit.Must(t, f.pin(t, c))
	var leases, tokens, secrets int
	testkit.Must(t, super.QueryRow(`SELECT (SELECT count(*) FROM lease), (SELECT count(*) FROM lease_token), (SELECT count(*)
		FROM lease_secret)`).Scan(&leases, &tokens, &secrets))
	if leases != 1 || tokens != 1 || secrets != 1 {
		t.Errorf("%d leases, %d tokens and %d pins are kept", leases, tokens, secrets)
	}
}
