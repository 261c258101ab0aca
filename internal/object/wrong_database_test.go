package object_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/testkit"
)

func (h *house) wantUntouched(t *testing.T, all ...object.Place) {
	t.Helper()
	for _, p := range all {
		if !h.there(t, p) {
			t.Fatalf("%s was destroyed", p.Name)
		}
	}
}

func TestReconcile_AnotherDatabase_TouchesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.wantTally(t, "nothing there", tally{})
	kept := object.BlobPlace("eu", h.keep(t, "kept", "text/plain", "bytes").Current.BlobID)
	_, staged := h.staged(t, "staged")
	database := pgtest.New(t)
	wrong, err := postgres.Open(database.AppURL)
	testkit.Must(t, err)
	t.Cleanup(func() { testkit.Must(t, wrong.Close()) })
	owner, err := postgres.OpenQueue(database.SuperURL)
	testkit.Must(t, err)
	// copies of the template share one
	_, err = owner.ExecContext(bg, `UPDATE upkeep.instance SET id = gen_random_uuid(), bucket_run = 100`)
	testkit.Must(t, err)
	testkit.Must(t, owner.Close())
	for _, p := range []reconcile.Plan{{}, {Adopt: true}} { // not even an operator's word makes it the right one
		_, err := h.days(wrong.Objects(), 3, p)
		testkit.Refused(t, err, fault.Conflict, "")
	}
	h.wantUntouched(t, kept, staged)
	h.wantTally(t, "its own database", tally{})
}

func TestReconcile_BucketWithoutAMarkAndWithWhatNoRowKnows_IsLeftAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	somebodys := h.orphan(t)
	report, err := h.days(h.DB.Objects(), 3, reconcile.Plan{})
	testkit.Refused(t, err, fault.Conflict, "")
	if got := tallyOf(report); got != (tally{waiting: 1}) {
		t.Errorf("it tells %+v", got)
	}
	if m, err := h.Mark(bg, "eu"); err != nil || m != (reconcile.Mark{}) {
		t.Errorf("it was marked: %+v, %v", m, err)
	}
	h.wantUntouched(t, somebodys)
	report, err = h.days(h.DB.Objects(), 1, reconcile.Plan{Adopt: true})
	testkit.Must(t, err)
	if got := tallyOf(report); got != (tally{waiting: 1}) {
		t.Errorf("adopted: %+v", got)
	}
	h.wantTally(t, "the day after", tally{ended: 1})
}

func TestReconcile_NamesThatAreNotOurs_AreLeftAlone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.wantTally(t, "nothing there", tally{})
	var all []object.Place
	for _, name := range []string{"blobs/readme.txt", "staging/x", "somewhere/else",
		"blobs/01980000-0000-7000-8000-00000000DEAD"} {
		req, err := http.NewRequestWithContext(bg, http.MethodPost, h.Emulator.URL()+
			"/upload/storage/v1/b/blobs-eu/o?uploadType=media&name="+name, strings.NewReader("x"))
		testkit.Must(t, err)
		req.Header.Set("Authorization", "Bearer "+testkit.Bearer)
		if res, said := h.send(t, req); res.StatusCode != http.StatusOK {
			t.Fatalf("%d %s", res.StatusCode, said)
		}
		all = append(all, object.Place{Region: "eu", Name: name})
	}
	report, err := h.days(h.DB.Objects(), 3, reconcile.Plan{})
	testkit.Must(t, err)
	if report.Foreign != 3 || len(report.Findings) != 0 {
		t.Errorf("%+v", report)
	}
	h.wantUntouched(t, all...)
}

func TestReconcile_DatabaseWithoutItsRows_StopsAndTouchesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.wantTally(t, "nothing there", tally{})
	var all []object.Place
	for range 11 {
		all = append(all, h.orphan(t))
	}
	report, err := h.days(h.DB.Objects(), 3, reconcile.Plan{})
	testkit.Refused(t, err, fault.Conflict, "")
	if len(report.Findings) != 11 {
		t.Errorf("it tells of %d", len(report.Findings))
	}
	h.wantUntouched(t, all...)
	testkit.Must(t, h.Drop(bg, all[0])) // ten are few
	h.wantTally(t, "the day begins only now", tally{waiting: 10})
	h.wantTally(t, "a day later", tally{ended: 10})
}

func TestReconcile_DatabaseRestoredFromBefore_StopsUntilItIsAdopted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	_, err := h.days(h.DB.Objects(), 2, reconcile.Plan{})
	testkit.Must(t, err)
	h.sql(t, `UPDATE upkeep.instance SET bucket_run = 1`)
	later := h.orphan(t) // written after what was restored
	_, err = h.days(h.DB.Objects(), 3, reconcile.Plan{})
	testkit.Refused(t, err, fault.Conflict, "")
	h.wantUntouched(t, later)
	report, err := h.days(h.DB.Objects(), 1, reconcile.Plan{Adopt: true})
	testkit.Must(t, err)
	if got := tallyOf(report); got != (tally{waiting: 1}) {
		t.Errorf("adopted: %+v", got)
	}
	h.wantTally(t, "from then on", tally{ended: 1})
}

func TestReconcile_TwoDatabasesAtOneBucket_OneOfThemStops(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	m, err := h.Mark(bg, "eu")
	testkit.Must(t, err)
	// just after the first has looked
	testkit.Must(t, h.SetMark(bg, "eu", reconcile.Mark{Instance: "another", Run: 1, Generation: m.Generation}))
	testkit.Refused(t, h.SetMark(bg, "eu", reconcile.Mark{
		Instance:   "first",
		Run:        1,
		Generation: m.Generation,
	}), fault.Conflict, "")
}
