package postgres_test

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/secret"
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

// numbers are the vault's of the values that rotate makes current.
var numbers = new(atomic.Int64)

// rotate makes another value current, and returns how many leases the event says were ended.
func (f fixture) rotate(t *testing.T, s secret.Secret, endLeases bool) any {
	t.Helper()
	e := audit.Record(f.acme, audit.SecretRotated).On("secret", s.ID.String(), s.Name).Awaits("version").
		MayHave("sameValue")
	if endLeases {
		e = e.Awaits("leasesEnded")
	}
	_, _, err := f.db.Secrets().Advance(t.Context(), secret.AdvanceRequest{
		SecretID: s.ID,
		StoredValue: secret.StoredValue{
			Number:      secret.Number(1 + numbers.Add(1)),
			Format:      secret.Text,
			Fingerprint: []byte("a fingerprint of thirty-two byte"),
		},
		Retain:    time.Hour,
		EndLeases: endLeases,
	}, e)
	testkit.Must(t, err)
	found, err := f.db.AuditLog().Get(t.Context(), f.acme.Workspace, []audit.EventID{e.ID})
	testkit.Must(t, err)
	return found[0].Details["leasesEnded"]
}

func TestAdvance_EndingLeases_EndsThoseThatPinTheVersion_AndNoOther(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	ended, kept := f.secret(t, "stripe"), f.secret(t, "github")
	pinsEnded, pinsKept := f.inject(t, ended), f.inject(t, kept)
	if got := f.rotate(t, ended, true); got != 1.0 {
		t.Errorf("%v leases were ended with the version that one pinned", got)
	}
	if got := f.rotate(t, ended, true); got != 0.0 {
		t.Errorf("%v leases were ended with a version that none pinned", got)
	}
	for range 2 {
		if got := f.rotate(t, kept, false); got != nil {
			t.Errorf("%v leases were ended by a rotation that ends none", got)
		}
	}
	for c, want := range map[*run.PinRequest]bool{&pinsEnded: false, &pinsKept: true} {
		c.LeaseID, c.TokenHash = &c.Under, []byte("another token of thirty-two bytes")[:32]
		if err := f.pin(t, *c); (err == nil) != want || err != nil && !fault.Is(err, fault.Conflict) {
			t.Errorf("under the lease: %v, want it open: %v", err, want)
		}
	}
}

// TestAdvance_EndingLeasesBesideAnInjection_MissesNone ends leases while an injection has read what is current and not
// committed yet.
func TestAdvance_EndingLeasesBesideAnInjection_MissesNone(t *testing.T) {
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
	if n := f.rotate(t, s, true); n != 1.0 {
		t.Errorf("%v leases were open", n)
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
