package secret_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// overdue is a secret whose hourly rotation was due a minute ago; the server makes the values if generated says so.
func overdue(t *testing.T, r *rig, generated bool) secret.Secret {
	t.Helper()
	s := r.create(t, "scheduled", "by hand")
	r.sql(t, `UPDATE secret SET rotate_every_seconds = 3600, rotate_at = now() - interval '1 minute' WHERE id = $1`, s.ID)
	if generated {
		r.sql(t, `UPDATE secret SET rotate_length = 24, rotate_alphabet = 'HEX' WHERE id = $1`, s.ID)
	}
	return s
}

func TestTurn_WithAGenerator_RotatesOnceWhereverItCrashes(t *testing.T) {
	t.Parallel()
	crashes(t, secret.RotateDue, time.Now, func(t *testing.T, r *rig) func(*testing.T, *rig, string) {
		s := overdue(t, r, true)
		return func(t *testing.T, r *rig, crashed string) {
			if n := r.Count(t, `SELECT count(*) FROM secret WHERE current_version = 2 AND rotate_error IS NULL
				AND rotate_at BETWEEN now() + interval '59 minutes' AND now() + interval '61 minutes'`); n != 1 {
				t.Errorf("crashed %s: it was not rotated once", crashed)
			}
			if got := r.reveal(t, s.ID, nil); len(got) != 24 {
				t.Errorf("crashed %s: the value has %d characters", crashed, len(got))
			}
			if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'secret.rotated'
				AND actor_kind = 'SYSTEM' AND details->'scheduled' = 'true'
				AND details->>'version' = '2' AND target_label = 'scheduled'`); n != 1 {
				t.Errorf("crashed %s: %d events", crashed, n)
			}
		}
	})
}

func TestTurn_ByManyAtOnce_RotatesOnceAndLeavesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := overdue(t, r, true)
	r.together(func(_ int, service *secret.Service) { // all have read the schedule before the first one has rotated
		u := secret.NewUpkeep(r.DB.Secrets(), r.vault.(secret.UpkeepVault), service, time.Now)
		if err := u.Do(t.Context(), secret.RotateDue, secret.WorkItem{
			Workspace: r.acme.Workspace,
			Region:    "eu",
			ID:        s.ID,
		}); err != nil {
			t.Error(err)
		}
	})
	if n := r.Count(t, `SELECT current_version FROM secret`); n != 2 || r.events(t, "secret.rotated") != 1 {
		t.Errorf("version %d is current", n)
	}
	if n := r.readable(t, s.ID, rivals+1); n != 2 {
		t.Errorf("the vault gives out %d versions", n)
	}
}

func TestTurn_VaultDown_SaysSoAndIsTriedAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := overdue(t, r, true)
	u := secret.NewUpkeep(r.DB.Secrets(), r.vault.(secret.UpkeepVault),
		r.on(faulty{Vault: r.vault, add: fails}), time.Now)
	if _, err := tend(t, u, secret.RotateDue); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("got %v", err)
	}
	if n := r.Count(t, `SELECT count(*) FROM secret WHERE rotate_error = 'It is down.' AND current_version = 1`); n != 1 {
		t.Error("why it failed is not kept")
	}
	if n, err := tend(t, r.keeper(time.Now(), &tripwire{}), secret.RotateDue); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if n := r.Count(t, `SELECT count(*) FROM secret WHERE rotate_error IS NULL AND current_version = 2`); n != 1 {
		t.Error("the failure is still shown")
	}
	if got := r.reveal(t, s.ID, nil); got == "by hand" {
		t.Error("it was not rotated")
	}
}

func TestTurn_RotatedByHandMeanwhile_IsDone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := overdue(t, r, true)
	vault := faulty{
		Vault: r.vault,
		add: func() error {
			_, err := r.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("by hand again")})
			return err
		},
	}
	u := secret.NewUpkeep(r.DB.Secrets(), r.vault.(secret.UpkeepVault), r.on(vault), time.Now)
	if n, err := tend(t, u, secret.RotateDue); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if got := r.reveal(t, s.ID, nil); got != "by hand again" {
		t.Errorf("it is %q", got)
	}
}

func TestTurn_WithoutAGenerator_SaysSoOnceForEachPeriod(t *testing.T) {
	t.Parallel()
	crashes(t, secret.RotateDue, time.Now, func(t *testing.T, r *rig) func(*testing.T, *rig, string) {
		s := overdue(t, r, false)
		return func(t *testing.T, r *rig, crashed string) {
			if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'secret.rotation_due'
				AND actor_kind = 'SYSTEM' AND risk = 'MEDIUM' AND target_id = $1`, s.ID.String()); n != 1 {
				t.Errorf("crashed %s: %d events", crashed, n)
			}
			if got := r.reveal(t, s.ID, nil); got != "by hand" {
				t.Errorf("crashed %s: it is %q", crashed, got)
			}
		}
	})
}

func TestTurn_ByHandAfterItWasDue_IsDueAgainAPeriodLater(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := overdue(t, r, false)
	if n, err := tend(t, r.keeper(time.Now(), &tripwire{}), secret.RotateDue); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	_, err := r.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("by hand again")})
	testkit.Must(t, err)
	if n, _ := tend(t, r.keeper(time.Now().Add(59*time.Minute), &tripwire{}), secret.RotateDue); n != 0 {
		t.Error("it is due too early")
	}
	if n, err := tend(t, r.keeper(time.Now().Add(61*time.Minute), &tripwire{}), secret.RotateDue); n != 1 ||
		err != nil ||
		r.events(t, "secret.rotation_due") != 2 {
		t.Errorf("%d are due after the next period, %v", n, err)
	}
}
