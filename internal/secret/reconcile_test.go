package secret_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestReconcile_Orphans_AreDestroyedAfterADayAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	kept := h.create(t, "kept", "value")
	whole := h.orphan(t, h.vault)
	lost, err := h.vault.Add(t.Context(), secret.Place{Region: "eu", ID: kept.ID}, *value("of a rotation that crashed"))
	testkit.Must(t, err)

	ended, waiting, missing := h.reconcile(t)
	wantTally(t, "at first", ended, waiting, missing, 0, 2, 0)
	h.clock.advance(24*time.Hour - time.Minute)
	ended, waiting, missing = h.reconcile(t)
	wantTally(t, "a minute too early", ended, waiting, missing, 0, 2, 0)
	if !h.inVault(t, whole.ID) || h.readable(t, kept.ID, lost) != 2 {
		t.Fatal("something was destroyed before its day was over")
	}
	h.clock.advance(2 * time.Minute)
	ended, waiting, missing = h.reconcile(t)
	wantTally(t, "after a day", ended, waiting, missing, 2, 0, 0)
	if h.inVault(t, whole.ID) || h.readable(t, kept.ID, lost) != 1 {
		t.Error("orphans are left")
	}
	if got := h.reveal(t, kept.ID, nil); got != "value" {
		t.Errorf("what has a row is %q", got)
	}
	ended, waiting, missing = h.reconcile(t)
	wantTally(t, "again", ended, waiting, missing, 0, 0, 0)
}

func TestReconcile_WhatHasARowByThen_IsForgotten(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	p := h.orphan(t, h.vault)
	ended, waiting, missing := h.reconcile(t)
	wantTally(t, "at first", ended, waiting, missing, 0, 1, 0)
	testkit.Must(t, h.DB.Secrets().Reserve(t.Context(), h.acme.Workspace, secret.Secret{
		ID:        p.ID,
		Name:      "late",
		Format:    secret.Text,
		CreatedAt: h.clock.now(),
		CreatedBy: h.acme.Who,
	}))
	h.clock.advance(25 * time.Hour)
	ended, waiting, missing = h.reconcile(t)
	wantTally(t, "reserved by then", ended, waiting, missing, 0, 0, 0)
	h.sql(t, `DELETE FROM secret`)
	ended, waiting, missing = h.reconcile(t)
	wantTally(t, "an orphan again, from now on", ended, waiting, missing, 0, 1, 0)
}

func TestReconcile_ACallMayStillComeBack_LeavesItsSecretAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	p := h.orphan(t, h.vault)
	claim := idempotency.Claim{EventID: ident.New[audit.Event](), TargetID: p.ID.String(), Shared: true}
	_, err := h.DB.Idempotency().Claim(t.Context(), idempotency.Name{
		Workspace: h.acme.Workspace,
		Mutation:  "createSecret",
		Key:       "k",
	}, claim, make([]byte, 32))
	testkit.Must(t, err)
	ended, waiting, missing := h.reconcile(t)
	wantTally(t, "claimed", ended, waiting, missing, 0, 0, 0)
}

func TestReconcile_WhatTheVaultHasLost_IsToldAndKeepsItsRow(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	gone, hollow := h.create(t, "gone", "a"), h.create(t, "hollow", "b")
	testkit.Must(t, h.vault.Delete(t.Context(), secret.Place{Region: "eu", ID: gone.ID}))
	testkit.Must(t, h.vault.Destroy(t.Context(), secret.Place{Region: "eu", ID: hollow.ID}, 1))
	ended, waiting, missing := h.reconcile(t)
	wantTally(t, "while rows are young, and lists may lag", ended, waiting, missing, 0, 0, 0)
	h.clock.advance(25 * time.Hour)
	ended, waiting, missing = h.reconcile(t)
	wantTally(t, "a day later", ended, waiting, missing, 0, 0, 2)
	if n := h.Count(t, `SELECT count(*) FROM secret WHERE state = 'ACTIVE'`); n != 2 {
		t.Errorf("%d rows are left", n)
	}
}

func TestReconcile_ListsThatLag_AreNotBelieved(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 6*time.Hour)
	old := h.create(t, "old", "a")
	h.clock.advance(48 * time.Hour)
	h.sql(t, `UPDATE secret SET created_at = created_at - interval '10 days'`)
	fresh := retained(t, h.rig) // not listed yet
	for range 12 {              // listed, but gone: more than would stop it
		testkit.Must(t, h.vault.Delete(t.Context(), h.orphan(t, h.vault)))
	}
	h.clock.advance(7 * time.Hour)
	h.delete(t, old.ID)
	_, err := tend(t, h.keeper(h.clock.now().Add(60*24*time.Hour), &tripwire{}), secret.Purge) // still listed, but gone
	testkit.Must(t, err)
	_, err = tend(t, h.keeper(h.clock.now(), &tripwire{}), secret.Destroy) // still listed as enabled
	testkit.Must(t, err)
	// the database has no clock of ours
	h.sql(t, `UPDATE secret_version SET erased_at = $1 WHERE erased_at IS NOT NULL`, h.clock.now())
	ended, waiting, missing := h.reconcile(t)
	wantTally(t, "lagging", ended, waiting, missing, 0, 0, 0)
	if got := h.reveal(t, fresh.ID, nil); got != "new" {
		t.Errorf("it is %q", got)
	}
}

func TestReconcile_DryRun_ChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	p := h.orphan(t, h.vault)
	for range 2 {
		report, err := h.reconciler().Reconcile(t.Context(), reconcile.Plan{DryRun: true})
		testkit.Must(t, err)
		ended, waiting, missing := tallyOf(report)
		wantTally(t, "dry", ended, waiting, missing, 0, 1, 0)
		h.clock.advance(25 * time.Hour)
	}
	if n := h.Count(t, `SELECT (SELECT count(*) FROM upkeep.orphan) + (SELECT run FROM upkeep.instance)`); n != 0 {
		t.Error("a dry run kept something")
	}
	h.reconcile(t)
	h.clock.advance(25 * time.Hour)
	report, err := h.reconciler().Reconcile(t.Context(), reconcile.Plan{DryRun: true})
	testkit.Must(t, err)
	ended, waiting, missing := tallyOf(report)
	wantTally(t, "what would be done", ended, waiting, missing, 1, 0, 0)
	if !h.inVault(t, p.ID) {
		t.Error("a dry run destroyed something")
	}
}

func TestReconcile_WhereverItCrashes_TheNextOneFinishes(t *testing.T) {
	t.Parallel()
	whole := &tripwire{}
	for call := 0; call == 0 || call <= whole.calls; call++ {
		for _, after := range []bool{false, true} {
			h := newHouse(t, 0)
			kept, p := h.create(t, "kept", "value"), h.orphan(t, h.vault)
			lost, err := h.vault.Add(t.Context(), secret.Place{Region: "eu", ID: kept.ID}, *value("lost"))
			testkit.Must(t, err)
			h.reconcile(t)
			h.clock.advance(25 * time.Hour)
			wire := &tripwire{at: call, after: after}
			_, err = reconciler(trappedRuns{h.DB.Secrets(), wire}, trappedInventory{h.vault, wire}, h.clock).
				Reconcile(t.Context(), reconcile.Plan{})
			if call == 0 {
				whole = wire
			}
			if (err == nil) != (call == 0) {
				t.Errorf("call %d: error %v", call, err)
			}
			h.reconcile(t)
			if h.inVault(t, p.ID) || h.readable(t, kept.ID, lost) != 1 || h.reveal(t, kept.ID, nil) != "value" {
				t.Errorf("call %d, after it %v: it did not converge", call, after)
			}
		}
	}
	if whole.calls < 8 {
		t.Errorf("only %d calls were tried", whole.calls)
	}
}

func TestReconcile_ByTwoAtOnce_EndsEachOrphanAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	kept := h.create(t, "kept", "value")
	p := h.orphan(t, h.vault)
	h.reconcile(t)
	h.clock.advance(25 * time.Hour)
	race(func(int) {
		if _, err := h.reconciler().Reconcile(t.Context(), reconcile.Plan{}); err != nil {
			t.Error(err)
		}
	})
	h.reconcile(t)
	if h.inVault(t, p.ID) || h.reveal(t, kept.ID, nil) != "value" {
		t.Error("it did not converge")
	}
}

func TestDaily_OnceADay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	for _, want := range []int{1, 1, 2} {
		testkit.Must(t, h.reconciler().Daily(t.Context()))
		if n := h.Count(t, `SELECT run FROM upkeep.instance`); n != want {
			t.Errorf("%d runs, want %d", n, want)
		}
		h.clock.advance(13 * time.Hour)
	}
}
