package object_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"context"

	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestReconcile_WhatNoRowAccountsFor_GoesAfterADayAndNothingElse(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.wantTally(t, "nothing there", tally{})
	kept := h.keep(t, "kept", "text/plain", "bytes")
	orphan := h.orphan(t)
	_, open := h.staged(t, "open")
	ended, leftover := h.staged(t, "ended")
	h.sql(t, `UPDATE upload SET state = 'CANCELLED' WHERE id = $1`, ended.String())
	unknown, unknownStaged := h.staged(t, "unknown")
	h.sql(t, `DELETE FROM upload WHERE id = $1`, unknown.String())
	lost := h.keep(t, "lost", "text/plain", "bytes")
	testkit.Must(t, h.Drop(bg, object.BlobPlace("eu", lost.Current.BlobID)))

	h.wantTally(t, "on the first day", tally{waiting: 3, lost: 1})
	for _, p := range []object.Place{orphan, leftover, unknownStaged, open} {
		if !h.there(t, p) {
			t.Errorf("%s is gone on the first day", p.Name)
		}
	}
	h.wantTally(t, "on the second day", tally{ended: 3, lost: 1})
	h.wantTally(t, "on the third day", tally{lost: 1})
	for _, p := range []object.Place{orphan, leftover, unknownStaged} {
		if h.there(t, p) {
			t.Errorf("%s is still there", p.Name)
		}
	}
	if !h.there(t, open) || !h.there(t, object.BlobPlace("eu", kept.Current.BlobID)) {
		t.Error("what rows account for is gone")
	}
	if o, err := h.objects.Find(bg, h.acme, h.in, "lost"); err != nil || o.ID != lost.ID {
		t.Errorf("the row of what is lost: %v, %v", o, err)
	}
}

func TestReconcile_DryRun_ChangesNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.wantTally(t, "nothing there", tally{})
	orphan := h.orphan(t)
	for day := range 3 {
		report, err := h.days(h.DB.Objects(), 1, reconcile.Plan{DryRun: true})
		testkit.Must(t, err)
		if got := tallyOf(report); got != (tally{waiting: 1}) {
			t.Errorf("day %d: %+v", day, got)
		}
	}
	h.wantTally(t, "it is seen for the first time", tally{waiting: 1})
	report, err := h.days(h.DB.Objects(), 1, reconcile.Plan{DryRun: true})
	testkit.Must(t, err)
	if got := tallyOf(report); got != (tally{ended: 1}) || !h.there(t, orphan) {
		t.Errorf("a dry run on the day: %+v", got)
	}
	if m, err := h.Mark(bg, "eu"); err != nil || m.Run != 2 {
		t.Errorf("the mark is %+v, %v", m, err)
	}
}

func TestReconcile_SomethingThatARowAccountsForByNow_Stays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.wantTally(t, "nothing there", tally{})
	orphan := h.orphan(t)
	h.wantTally(t, "seen", tally{waiting: 1})
	late := lateRow{trappedRuns{h.DB.Objects(), &wire{}}, h, orphan}
	report, err := h.reconciler(late, h.Store).Reconcile(bg, reconcile.Plan{})
	testkit.Must(t, err)
	if got := tallyOf(report); got != (tally{waiting: 1}) || !h.there(t, orphan) {
		t.Errorf("%+v", report)
	}
}

// lateRow has a row come after the lists were compared.
type lateRow struct {
	trappedRuns
	h *house
	p object.Place
}

func (l lateRow) BeginRun(ctx context.Context, of reconcile.Backend, after int64) (int64, error) {
	_, err := l.h.Super.ExecContext(ctx, `INSERT INTO blob VALUES ($1, $2::uuid, 1)`, l.h.acme.Workspace.String(),
		l.p.Name[len("blobs/"):])
	n, begun := l.Objects.BeginRun(ctx, of, after)
	return n, errors.Join(err, begun)
}

func TestReconcile_ManyPages_AreWalkedSideBySide(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.wantTally(t, "nothing there", tally{})
	source := object.BlobPlace("eu", h.keep(t, "first", "text/plain", "bytes").Current.BlobID)
	b, _, err := h.Stat(bg, source)
	testkit.Must(t, err)
	var ids []object.BlobID
	for i := range 1010 {
		id := object.BlobID(ident.New[object.Object]())
		ids = append(ids, id)
		if i%202 > 0 { // five rows have none
			_, err := h.Promote(bg, source, b.Generation, object.BlobPlace("eu", id))
			testkit.Must(t, err)
		}
		if i%253 > 0 || i%202 == 0 { // and three blobs none
			h.sql(t, `INSERT INTO blob VALUES ($1, $2, 1)`, h.acme.Workspace.String(), id.String())
		}
	}
	report, err := h.days(h.DB.Objects(), 1, reconcile.Plan{})
	testkit.Must(t, err)
	if got := tallyOf(report); got != (tally{waiting: 3, lost: 5}) || report.Blobs != 1006 || report.Lost != 5 {
		t.Errorf("%+v of %d blobs", got, report.Blobs)
	}
	for _, f := range report.Findings {
		if f.Kind == object.Lost && f.Name != "blobs/"+ids[0].String() && f.Name != "blobs/"+ids[202].String() &&
			f.Name != "blobs/"+ids[404].String() &&
			f.Name != "blobs/"+ids[606].String() && f.Name != "blobs/"+ids[808].String() {
			t.Errorf("%s is not lost", f.Name)
		}
	}
}

func TestReconcile_MoreLostThanAnybodyReads_IsCounted(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.sql(t, `INSERT INTO blob SELECT $1, gen_random_uuid(), 1 FROM generate_series(1, 1005)`,
		h.acme.Workspace.String())
	report, err := h.days(h.DB.Objects(), 1, reconcile.Plan{})
	testkit.Must(t, err)
	if report.Lost != 1005 || len(report.Findings) != 1000 {
		t.Errorf("%d are lost, %d told", report.Lost, len(report.Findings))
	}
}

func TestReconcile_AfterACrashAtAnyCall_GoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.wantTally(t, "nothing there", tally{})
	for call := 1; call <= 6; call++ {
		for _, after := range []bool{false, true} {
			when := fmt.Sprintf("crashed at call %d, after it %v", call, after)
			orphan := h.orphan(t)
			h.wantTally(t, when+": seen", tally{waiting: 1})
			w := &wire{at: call, after: after}
			_, err := h.reconciler(trappedRuns{h.DB.Objects(), w}, trappedBuckets{h.Store, w}).
				Reconcile(bg, reconcile.Plan{})
			if (w.calls >= call) != errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v after %d calls", when, err, w.calls)
			}
			if _, err := h.days(h.DB.Objects(), 1, reconcile.Plan{}); err != nil {
				t.Fatalf("%s: %v", when, err)
			}
			h.wantTally(t, when+": then", tally{})
			if h.there(t, orphan) {
				t.Errorf("%s: it is still there", when)
			}
		}
	}
}

func TestDaily_RunsOnceADay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for hour := range 50 {
		testkit.Must(t, h.reconciler(h.DB.Objects(), h.Store).Daily(bg))
		h.ahead += time.Hour
		m, err := h.Mark(bg, "eu")
		testkit.Must(t, err)
		if want := int64(hour/24 + 1); m.Run != want {
			t.Fatalf("after %d hours there were %d runs", hour, m.Run)
		}
	}
}
