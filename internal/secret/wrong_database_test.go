package secret_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// days reconciles day after day, and returns the last report and error.
func (h *house) days(
	t *testing.T, store secret.ReconcileStore, v secret.ReconcileVault, n int,
) (report secret.Report, err error) {
	t.Helper()
	for range n {
		report, err = reconciler(store, v, h.clock).Reconcile(t.Context(), reconcile.Plan{})
		h.clock.advance(25 * time.Hour)
	}
	return report, err
}

func TestReconcile_AnotherDatabase_TouchesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	s := h.create(t, "kept", "value")
	database := pgtest.New(t)
	wrong, err := postgres.Open(database.AppURL)
	testkit.Must(t, err)
	t.Cleanup(func() { testkit.Must(t, wrong.Close()) })
	owner, err := postgres.OpenQueue(database.SuperURL)
	testkit.Must(t, err)
	// copies of the template share one
	_, err = owner.ExecContext(t.Context(), `UPDATE upkeep.instance SET id = gen_random_uuid()`)
	testkit.Must(t, err)
	testkit.Must(t, owner.Close())
	report, err := h.days(t, wrong.Secrets(), h.open(t, wrong), 3)
	testkit.Must(t, err)
	if report.Foreign != 1 || len(report.Findings) != 0 {
		t.Errorf("%+v", report)
	}
	if got := h.reveal(t, s.ID, nil); got != "value" {
		t.Errorf("it is %q", got)
	}
}

func TestReconcile_SecretsOfNobodyKnowsWhom_AreLeftAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	other, nobody := h.orphan(t, h.openAs(t, "another")), h.orphan(t, h.openAs(t, ""))
	report, err := h.days(t, h.DB.Secrets(), h.vault, 3)
	testkit.Must(t, err)
	if report.Foreign != 2 || !h.inVault(t, other.ID) || !h.inVault(t, nobody.ID) {
		t.Errorf("%+v", report)
	}
}

func TestReconcile_DatabaseWithoutItsRows_StopsAndTouchesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	kept := h.create(t, "kept", "value")
	var all []secret.Place
	for range 11 {
		all = append(all, h.orphan(t, h.vault))
	}
	report, err := h.days(t, h.DB.Secrets(), h.vault, 3)
	testkit.Refused(t, err, fault.Conflict, "")
	if len(report.Findings) != 11 {
		t.Errorf("it tells of %d findings", len(report.Findings))
	}
	for _, p := range all {
		if !h.inVault(t, p.ID) {
			t.Fatal("it destroyed something")
		}
	}
	testkit.Must(t, h.vault.Delete(t.Context(), all[0])) // ten are few
	report, err = h.days(t, h.DB.Secrets(), h.vault, 1)
	testkit.Must(t, err)
	ended, waiting, missing := tallyOf(report)
	wantTally(t, "the day begins only now", ended, waiting, missing, 0, 10, 0)
	report, err = h.days(t, h.DB.Secrets(), h.vault, 1)
	testkit.Must(t, err)
	ended, waiting, missing = tallyOf(report)
	wantTally(t, "a day later", ended, waiting, missing, 10, 0, 0)
	if got := h.reveal(t, kept.ID, nil); got != "value" {
		t.Errorf("it is %q", got)
	}
}

func TestReconcile_MoreThanTenButFewerThanOneInAHundred_GoesOn(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	s := h.create(t, "much-rotated", "value")
	p := secret.Place{Region: "eu", ID: s.ID}
	for range 11 {
		_, err := h.vault.Add(t.Context(), p, *value("orphan"))
		testkit.Must(t, err)
	}
	_, err := h.reconciler().Reconcile(t.Context(), reconcile.Plan{})
	testkit.Refused(t, err, fault.Conflict, "") // 11 of 13
	for range 1100 {
		number, err := h.vault.Add(t.Context(), p, *value("known"))
		testkit.Must(t, err)
		h.sql(t, `INSERT INTO secret_version (workspace_id, secret_id, version, vault_number, format, fingerprint,
			created_by_kind, created_by_id, created_by_label)
			VALUES ($1, $2, $3, $3::integer, 'TEXT', decode(repeat('00', 32), 'hex'), 'USER', '', '')`,
			h.acme.Workspace, s.ID, int32(number))
	}
	ended, waiting, missing := h.reconcile(t)
	wantTally(t, "11 of 1113", ended, waiting, missing, 0, 11, 0)
}

func TestReconcile_DatabaseRestoredFromBefore_StopsUntilItIsAdopted(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	_, err := h.days(t, h.DB.Secrets(), h.vault, 2)
	testkit.Must(t, err)
	h.sql(t, `UPDATE upkeep.instance SET run = 1`)
	lost := h.orphan(t, h.vault) // made after what was restored
	_, err = h.days(t, h.DB.Secrets(), h.vault, 3)
	testkit.Refused(t, err, fault.Conflict, "")
	if !h.inVault(t, lost.ID) {
		t.Fatal("it destroyed what the restored database had forgotten")
	}
	report, err := h.reconciler().Reconcile(t.Context(), reconcile.Plan{Adopt: true})
	testkit.Must(t, err)
	ended, waiting, missing := tallyOf(report)
	wantTally(t, "adopted", ended, waiting, missing, 0, 1, 0)
	h.clock.advance(25 * time.Hour)
	ended, waiting, missing = h.reconcile(t)
	wantTally(t, "from then on", ended, waiting, missing, 1, 0, 0)
}
