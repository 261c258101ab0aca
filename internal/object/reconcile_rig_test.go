package object_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

// house is a rig whose days a test counts.
type house struct {
	*rig
	ahead time.Duration
}

func newHouse(t *testing.T) *house { t.Helper(); return &house{rig: newRig(t)} }

func (h *house) today() time.Time { return time.Now().Add(h.ahead) }

func (h *house) reconciler(store object.ReconcileStore, buckets object.ReconcileBlobs) *object.Reconciler {
	return object.NewReconciler(store, buckets, h.today, slog.New(slog.DiscardHandler))
}

// days reconciles day after day, and returns the last report and error.
func (h *house) days(store object.ReconcileStore, n int, p reconcile.Plan) (report object.Report, err error) {
	for range n {
		report, err = h.reconciler(store, h.Store).Reconcile(bg, p)
		h.ahead += 25 * time.Hour
	}
	return report, err
}

// tally is how many strays were dropped, how many wait, and how many blobs are lost.
type tally struct{ ended, waiting, lost int }

func tallyOf(report object.Report) (n tally) {
	for _, f := range report.Findings {
		switch {
		case f.Kind == object.Lost:
			n.lost++
		case f.Ended:
			n.ended++
		default:
			n.waiting++
		}
	}
	return n
}

func (h *house) wantTally(t *testing.T, when string, want tally) {
	t.Helper()
	report, err := h.days(h.DB.Objects(), 1, reconcile.Plan{})
	testkit.Must(t, err)
	if got := tallyOf(report); got != want {
		t.Errorf("%s: %+v, want %+v; %+v", when, got, want, report)
	}
}

func (h *house) sql(t *testing.T, statement string, args ...any) {
	t.Helper()
	_, err := h.Super.ExecContext(bg, statement, args...)
	testkit.Must(t, err)
}

// orphan is a blob that no row knows any more.
func (h *house) orphan(t *testing.T) object.Place {
	t.Helper()
	o := h.keep(t, "orphan/"+ident.New[object.Object]().String(), "text/plain", "bytes")
	h.sql(t, `DELETE FROM object WHERE id = $1`, o.ID.String())
	h.sql(t, `DELETE FROM blob WHERE id = $1`, o.Current.BlobID.String())
	return object.BlobPlace("eu", o.Current.BlobID)
}

// staged is an upload whose bytes have landed.
func (h *house) staged(t *testing.T, key string) (upload.ID, object.Place) {
	t.Helper()
	g, err := h.uploads.Begin(bg, h.acme, upload.BeginRequest{
		DatastoreID: h.in,
		Key:         key,
		ContentType: "text/plain",
		TTL:         time.Hour,
	})
	testkit.Must(t, err)
	req, err := http.NewRequestWithContext(bg, http.MethodPut, g.Put.URL, strings.NewReader("staged"))
	testkit.Must(t, err)
	for _, header := range g.Put.Headers {
		req.Header.Set(header.Name, header.Value)
	}
	if res, body := h.send(t, req); res.StatusCode != http.StatusOK {
		t.Fatalf("storage answered %d: %s", res.StatusCode, body)
	}
	return g.Upload.ID, object.Place{Region: "eu", Name: "staging/" + g.Upload.ID.String()}
}

func (h *house) there(t *testing.T, p object.Place) bool {
	t.Helper()
	_, found, err := h.Stat(bg, p)
	testkit.Must(t, err)
	return found
}

// wire ends the process at one of the calls of a reconciler: before it has its effect, or after.
type wire struct {
	at, calls int
	after     bool
}

func (w *wire) call(do func() error) error {
	w.calls++
	if w.at > 0 && (w.calls > w.at || w.calls == w.at && !w.after) {
		return context.Canceled
	}
	if err := do(); err != nil || w.calls != w.at {
		return err
	}
	return context.Canceled
}

type trappedBuckets struct {
	*gcs.Store
	wire *wire
}

func (t trappedBuckets) SetMark(ctx context.Context, region string, m reconcile.Mark) error {
	return t.wire.call(func() error { return t.Store.SetMark(ctx, region, m) })
}

func (t trappedBuckets) DropHeld(ctx context.Context, region string, h object.StoredBlob) error {
	return t.wire.call(func() error { return t.Store.DropHeld(ctx, region, h) })
}

type trappedRuns struct {
	postgres.Objects
	wire *wire
}

func (t trappedRuns) BeginRun(ctx context.Context, of reconcile.Backend, after int64) (n int64, err error) {
	err = t.wire.call(func() error { n, err = t.Objects.BeginRun(ctx, of, after); return err })
	return n, err
}

func (t trappedRuns) Quarantine(
	ctx context.Context, of reconcile.Backend, run int64, all []reconcile.Stray, at time.Time,
) error {
	return t.wire.call(func() error { return t.Objects.Quarantine(ctx, of, run, all, at) })
}

func (t trappedRuns) EndRun(ctx context.Context, of reconcile.Backend, at time.Time) error {
	return t.wire.call(func() error { return t.Objects.EndRun(ctx, of, at) })
}
