package e2e

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/testkit"
)

// buckets is the storage of a stack, as the deployment has it.
func (w *world) buckets() *gcs.Store {
	w.t.Helper()
	bearer, err := os.ReadFile(w.setting("bearerFile"))
	testkit.Must(w.t, err)
	region, places, _ := strings.Cut(w.setting("region"), "=")
	bucket, _, _ := strings.Cut(places, ",")
	store, err := gcs.New(w.t.Context(),
		gcs.Options{
			Buckets:  map[string]string{region: bucket},
			Signer:   gcs.NoSigner(),
			Endpoint: w.setting("gcsEndpoint"),
			Bearer:   strings.TrimSpace(string(bearer)),
			Project:  w.setting("gcpProject"),
		})
	testkit.Must(w.t, err)
	w.t.Cleanup(func() { _ = store.Close() })
	return store
}

// countBlobs counts what a bucket has below a prefix.
func (w *world) countBlobs(store *gcs.Store, prefix string) (n int) {
	w.t.Helper()
	if err := store.List(w.t.Context(), store.Buckets()[0].Region, prefix,
		func(page []object.StoredBlob) error { n += len(page); return nil }); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// dropFreed drops what nothing refers to any more, which a batch job does each minute.
func (w *world) dropFreed(store *gcs.Store) {
	w.t.Helper()
	reaper := object.NewReaper(w.db.Objects(), store, slog.New(slog.DiscardHandler))
	for after := (object.WorkItem{}); ; {
		found, err := reaper.Find(w.t.Context(), after)
		testkit.Must(w.t, err)
		if len(found) == 0 {
			return
		}
		for _, f := range found {
			testkit.Must(w.t, reaper.Drop(w.t.Context(), f))
			after = f
		}
	}
}

// compare reconciles the buckets, as if days went by, and returns the last report.
func (w *world) compare(store *gcs.Store) (report object.Report) {
	w.t.Helper()
	for _, later := range []time.Duration{25 * time.Hour, 50 * time.Hour, 75 * time.Hour} {
		var err error
		r := object.NewReconciler(w.db.Objects(), store, func() time.Time { return time.Now().Add(later) },
			slog.New(slog.DiscardHandler))
		if report, err = r.Reconcile(context.WithoutCancel(w.t.Context()), reconcile.Plan{}); err != nil {
			w.t.Fatalf("%v: %+v", err, report)
		}
	}
	return report
}
