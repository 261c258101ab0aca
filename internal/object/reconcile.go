package object

import (
	"context"
	"log/slog"
	"time"

	"github.com/provenanceone/data-api/internal/reconcile"
)

// The kinds of findings beside reconcile.Orphan.
const (
	// Leftover waits in staging for an upload that has ended.
	Leftover reconcile.Kind = "leftover"
	// Lost is in a row, and not in the bucket. The reconciler reports it and never mends it: no row goes for it.
	Lost reconcile.Kind = "lost"
)

// Report is what a run has found.
type Report struct {
	// Blobs and Staged are how many the buckets list.
	Blobs, Staged int64
	// Foreign is how many have names that this server never gives. The reconciler leaves them alone.
	Foreign int64
	// Lost is how many rows have no blob; at most the first thousand are among the findings.
	Lost     int64
	Findings []reconcile.Finding
}

// Reconciler compares the buckets with the database.
type Reconciler struct {
	engine  reconcile.Engine
	store   ReconcileStore
	buckets ReconcileBlobs
}

// NewReconciler returns one.
func NewReconciler(store ReconcileStore, buckets ReconcileBlobs, now func() time.Time, log *slog.Logger) *Reconciler {
	return &Reconciler{
		store:   store,
		buckets: buckets,
		engine: reconcile.Engine{
			Store:   store,
			Marks:   buckets,
			Backend: reconcile.Buckets,
			Words: reconcile.Words{
				Place:  "bucket of",
				Items:  "blobs in the buckets",
				Differ: "a bucket and the database differ",
				Names:  func(s reconcile.Stray) []any { return []any{"name", s.Name} },
				Ended:  "dropped",
			},
			Now: now,
			Log: log,
		},
	}
}

// Daily is Reconcile if a day has passed since it was done.
func (r *Reconciler) Daily(ctx context.Context) error {
	return r.engine.Daily(ctx, &comparison{Reconciler: r})
}

// Reconcile drops from the buckets what no object or open upload has accounted for during a day, and reports what rows
// know and no bucket has.
//
// Errors: fault.Conflict, and nothing was dropped, if a bucket is another deployment's, or has no mark and what no row
// knows, if the database is behind it, or if too much has no row; fault.Unavailable. What was found is returned in any
// case.
func (r *Reconciler) Reconcile(ctx context.Context, p reconcile.Plan) (Report, error) {
	c := &comparison{Reconciler: r}
	err := r.engine.Run(ctx, c, p)
	return Report{Blobs: c.blobs, Staged: c.staged, Foreign: c.foreign, Lost: c.lost, Findings: c.Findings}, err
}
