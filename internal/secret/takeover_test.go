package secret_test

import (
	"context"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// in is a service some time from now, on a vault.
func (r *rig) in(d time.Duration, v secret.Vault) *secret.Service {
	return secret.NewService(r.DB.Secrets(), v, secret.Options{
		Keys: keys,
		Once: idempotency.NewService(r.DB.Idempotency(), keys),
		Now:  func() time.Time { return time.Now().Add(d) },
	})
}

// sweep does what is to be swept, and returns how much that was.
func (r *rig) sweep(t *testing.T) int {
	t.Helper()
	n, err := tend(t, r.keeper(time.Now(), &tripwire{}), secret.Sweep)
	testkit.Must(t, err)
	return n
}

func (r *rig) wantFailures(t *testing.T, n int) {
	t.Helper()
	if got := r.Count(t, `SELECT count(*) FROM audit_event
		WHERE action = 'secret.create_failed' AND outcome = 'FAILED' AND target_label = 'stripe'`); got != n {
		t.Errorf("%d events say that it failed, want %d", got, n)
	}
}

// TestCreate_AfterAnOutageOfTheVault_HasTheNameAtOnce lets nothing reach the vault, not even the undoing.
func TestCreate_AfterAnOutageOfTheVault_HasTheNameAtOnce(t *testing.T) {
	t.Parallel()
	for name, out := range map[string]faulty{
		"no room was made":      {create: fails, remove: fails},
		"the value was refused": {add: fails, remove: fails},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			out.Vault = r.vault
			for range 2 {
				_, err := r.on(out).Create(t.Context(), r.acme,
					secret.CreateRequest{Name: "stripe", Value: text(canary)})
				testkit.Refused(t, err, fault.Unavailable, "")
			}
			s := r.create(t, "stripe", "now")
			if n := r.sweep(t); n != 2 || r.reveal(t, s.ID, nil) != "now" {
				t.Errorf("%d were swept", n)
			}
			r.wantFailures(t, 2)
			if n := r.Count(t, `SELECT count(*) FROM secret`); n != 1 {
				t.Errorf("%d rows are left", n)
			}
		})
	}
}

func TestCreate_OfANameThatACrashLeft_TakesItOnceNoCallCanBeAlive(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	left := abandoned(t, r)
	_, err := r.in(secret.AliveFor-time.Second, r.vault).
		Create(t.Context(), r.acme, secret.CreateRequest{Name: "stripe", Value: text("too soon")})
	testkit.Refused(t, err, fault.Conflict, "name")
	s, err := r.in(secret.AliveFor+time.Second, r.vault).
		Create(t.Context(), r.acme, secret.CreateRequest{Name: "stripe", Value: text("now")})
	testkit.Must(t, err)
	if n := r.sweep(t); n != 1 || r.inVault(t, left.ID) || r.reveal(t, s.ID, nil) != "now" {
		t.Errorf("%d were swept", n)
	}
	r.wantFailures(t, 1)
}

// TestCreate_ThatComesBackLate_FailsAndUndoesItsOwn has the name taken over while the first call adds its value.
func TestCreate_ThatComesBackLate_FailsAndUndoesItsOwn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		idempotencyKey *string
		swept          bool
	}{"before the sweep": {}, "after the sweep": {swept: true}, "with an idempotency key": {idempotencyKey: new("k")}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			var second secret.Secret
			overtaken := func() (err error) {
				second, err = r.in(time.Minute, r.vault).
					Create(t.Context(), r.acme, secret.CreateRequest{Name: "stripe", Value: text("second")})
				return err
			}
			vault := secret.Vault(faulty{Vault: r.vault, add: overtaken})
			if c.swept { // before the first call makes room for its value
				vault = remaking{faulty{Vault: r.vault, create: func() error { defer r.sweep(t); return overtaken() }}}
			}
			first := secret.CreateRequest{Name: "stripe", Value: text("first"), IdempotencyKey: c.idempotencyKey}
			_, err := r.on(vault).Create(t.Context(), r.acme, first)
			testkit.Refused(t, err, fault.Unavailable, "")
			r.sweep(t)
			if n := r.Count(t, `SELECT count(*) FROM secret`); n != 1 || r.reveal(t, second.ID, nil) != "second" {
				t.Errorf("%d rows", n)
			}
			if n := r.secretsInVault(t); n != 1 || r.readable(t, second.ID, 5) != 1 {
				t.Errorf("the vault has %d secrets", n)
			}
			r.wantFailures(t, 1)
			_, err = r.Create(t.Context(), r.acme, first)
			testkit.Refused(t, err, fault.Conflict, "name")
		})
	}
}

// remaking is a vault that makes the room once its fault has happened.
type remaking struct{ faulty }

func (m remaking) Create(ctx context.Context, p secret.Place) error {
	if err := m.faulty.Create(ctx, p); err != nil {
		return err
	}
	return m.Vault.Create(ctx, p)
}

func (r *rig) secretsInVault(t *testing.T) int {
	t.Helper()
	all, err := r.vault.(secret.ReconcileVault).Secrets(t.Context(), "eu")
	testkit.Must(t, err)
	return len(all)
}

func TestCreate_WhenTheDatabaseRefuses_LeavesNeitherNameNorValue(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fails          string
		kind           fault.Kind
		idempotencyKey *string
		left           int
	}{
		"a fault of the server":  {fails: `FOR EACH ROW EXECUTE FUNCTION fails()`, kind: fault.Internal},
		"the connection, before": {fails: `FOR EACH ROW EXECUTE FUNCTION ends()`, kind: fault.Unavailable},
		"the connection, at COMMIT": {
			fails: `DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION ends()`,
			kind:  fault.Unavailable,
			left:  1,
		},
		"a call with a key": {
			fails:          `FOR EACH ROW EXECUTE FUNCTION fails()`,
			kind:           fault.Internal,
			idempotencyKey: new("k"),
			left:           1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.breakVersions(t, c.fails)
			n := secret.CreateRequest{Name: "stripe", Value: text("one"), IdempotencyKey: c.idempotencyKey}
			if _, err := r.Create(t.Context(), r.acme, n); !fault.Is(err, c.kind) {
				t.Errorf("got %v", err)
			}
			if n := r.secretsInVault(t); n != c.left || r.Count(t, `SELECT count(*) FROM secret`) != c.left {
				t.Errorf("the vault has %d secrets, want %d", n, c.left)
			}
			r.sql(t, `DROP TRIGGER broken ON secret_version`)
			if c.left == 1 && c.idempotencyKey == nil {
				return // it may be there
			}
			s, err := r.Create(t.Context(), r.acme, n)
			testkit.Must(t, err)
			if n := r.readable(t, s.ID, 5); n != 1 || r.reveal(t, s.ID, nil) != "one" {
				t.Errorf("the vault gives out %d versions", n)
			}
		})
	}
}
