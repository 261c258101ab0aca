package secret_test

import (
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

func later(d time.Duration) func() time.Time { return func() time.Time { return time.Now().Add(d) } }

// abandoned is a creation whose process ended once the value was in the vault.
func abandoned(t *testing.T, r *rig) secret.Secret {
	t.Helper()
	s := secret.Secret{
		ID:        ident.New[secret.Secret](),
		Name:      "stripe",
		Format:    secret.Text,
		CreatedAt: time.Now(),
		CreatedBy: r.acme.Who,
	}
	testkit.Must(t, r.DB.Secrets().Reserve(t.Context(), r.acme.Workspace, s))
	p := secret.Place{Region: "eu", ID: s.ID}
	testkit.Must(t, r.vault.Create(t.Context(), p))
	_, err := r.vault.Add(t.Context(), p, *value("left behind"))
	testkit.Must(t, err)
	return s
}

func TestSweep_EndsWhatACrashLeft_WhereverItCrashesItself(t *testing.T) {
	t.Parallel()
	crashes(t, secret.Sweep, later(61*time.Minute), func(t *testing.T, r *rig) func(*testing.T, *rig, string) {
		s := abandoned(t, r)
		return func(t *testing.T, r *rig, crashed string) {
			if r.inVault(t, s.ID) || r.Count(t, `SELECT count(*) FROM secret`) != 0 {
				t.Errorf("crashed %s: something is left", crashed)
			}
			if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'secret.create_failed'
				AND actor_kind = 'SYSTEM' AND outcome = 'FAILED'
				AND target_id = $1 AND target_label = 'stripe'`, s.ID.String()); n != 1 {
				t.Errorf("crashed %s: %d events", crashed, n)
			}
			r.create(t, "stripe", "the name is free")
		}
	})
}

func TestSweep_ReservationOfLessThanAnHour_IsLeftAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := abandoned(t, r)
	if n, err := tend(t, r.keeper(time.Now().Add(59*time.Minute), &tripwire{}), secret.Sweep); n != 0 || err != nil ||
		!r.inVault(t, s.ID) {
		t.Errorf("%d were swept, %v", n, err)
	}
}

// TestSweep_TheCallComesBackMeanwhile shows what a keyed call gets, attempt by attempt, while what it left is swept.
func TestSweep_TheCallComesBackMeanwhile_GoesOnOrBeginsAnewButNeverLosesAValue(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := abandoned(t, r)
	kept := secret.StoredValue{Number: 1, Format: secret.Text, Fingerprint: make([]byte, 32)}
	e := auditOf(r, s)

	// Given up, and no further: what went on from before the sweep does not become a secret, and the call is told to
	// come again.
	if _, err := tend(t, r.keeper(time.Now().Add(2*time.Hour), &tripwire{at: 3, after: true}),
		secret.Sweep); err == nil {
		t.Fatal("it did not end there")
	}
	testkit.Refused(t, r.DB.Secrets().Activate(t.Context(), s, kept, nil, e), fault.Unavailable, "")
	testkit.Refused(t, r.DB.Secrets().Reserve(t.Context(), r.acme.Workspace, s), fault.Unavailable, "")

	// Swept: the same id begins from scratch.
	_, err := tend(t, r.keeper(time.Now().Add(2*time.Hour), &tripwire{}), secret.Sweep)
	testkit.Must(t, err)
	s.CreatedAt = time.Now()
	testkit.Must(t, r.DB.Secrets().Reserve(t.Context(), r.acme.Workspace, s))
	p := secret.Place{Region: "eu", ID: s.ID}
	testkit.Must(t, r.vault.Create(t.Context(), p))
	kept.Number, err = r.vault.Add(t.Context(), p, *value("brought again"))
	testkit.Must(t, err)
	testkit.Must(t, r.DB.Secrets().Activate(t.Context(), s, kept, nil, e))
	if got := r.reveal(t, s.ID, nil); got != "brought again" {
		t.Errorf("it is %q", got)
	}
}

func TestSweep_AttemptAfterAnHour_StartsTheHourAnew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := abandoned(t, r)
	r.sql(t, `UPDATE secret SET created_at = now() - interval '2 hours'`)
	found, err := r.keeper(time.Now(), &tripwire{}).Find(t.Context(), secret.Sweep, secret.WorkItem{})
	if err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	testkit.Must(t, r.DB.Secrets().Reserve(t.Context(), r.acme.Workspace, s)) // the call comes back after it was found
	testkit.Must(t, r.keeper(time.Now(), &tripwire{}).Do(t.Context(), secret.Sweep, found[0]))
	if !r.inVault(t, s.ID) || r.Count(t, `SELECT count(*) FROM secret WHERE swept_at IS NULL`) != 1 {
		t.Error("a reservation in use was swept")
	}
}

// TestSweep_AWorkerThatSlept deletes what it had found, not what was made since.
func TestSweep_AWorkerThatSlept_DeletesNothingMadeSince(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := abandoned(t, r)
	p := secret.Place{Region: "eu", ID: s.ID}
	chest := r.vault.(secret.UpkeepVault)
	before, found, err := chest.Find(t.Context(), p)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	testkit.Must(t, chest.DeleteHeld(t.Context(), before)) // another worker does it
	testkit.Must(t, r.vault.Create(t.Context(), p))        // and the call comes back
	_, err = r.vault.Add(t.Context(), p, *value("new"))
	testkit.Must(t, err)
	testkit.Refused(t, chest.DeleteHeld(t.Context(), before), fault.Conflict, "")
	if !r.inVault(t, s.ID) {
		t.Error("it deleted what was made since")
	}
}

func TestTasks_ByManyAtOnce_ArePutOnRecordOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	abandoned(t, r)
	old := retained(t, r)
	r.delete(t, r.create(t, "deleted", "x").ID)
	at := time.Now().Add(31 * 24 * time.Hour)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for _, task := range []secret.Task{secret.Sweep, secret.Destroy, secret.Purge} {
				_, _ = tend(t, r.keeper(at, &tripwire{}), task) // a loser may find its row gone
			}
		})
	}
	all.Wait()
	for _, action := range []string{"secret.create_failed", "secret.version_destroyed", "secret.purged"} {
		if n := r.events(t, action); n != 1 {
			t.Errorf("%d events %s", n, action)
		}
	}
	if n := r.readable(t, old.ID, 2); n != 1 {
		t.Errorf("%d versions are readable", n)
	}
}
