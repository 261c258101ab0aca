package object

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

const (
	// QuarantineFor is how long something must have been seen without a row before it is dropped.
	QuarantineFor = 24 * time.Hour
	// Not more than so many, or else not more than one in so many, may be without a row: beyond that the database is
	// doubted, not the bucket.
	mostOrphans, oneIn = 10, 100
	// mostTold is how many findings of a kind are told one by one, and mostStrays how many are kept in mind.
	mostTold, mostStrays = 1000, 100_000
)

// Kind is what is wrong with a blob.
type Kind string

// The kinds.
const (
	// Orphan is in a bucket, and no row knows it.
	Orphan Kind = "orphan"
	// Leftover is what was staged for an upload that has ended.
	Leftover Kind = "leftover"
	// Lost is in a row, and not in the bucket. It is told, never mended: no row is dropped for it.
	Lost Kind = "lost"
)

// Finding is something that the database and a bucket do not agree on.
type Finding struct {
	Kind Kind
	Stray
	// Since is when it was first seen; zero for what is told alone.
	Since time.Time
	// Ended is whether it was dropped, or would have been.
	Ended bool
}

// Plan says how to reconcile.
type Plan struct {
	// DryRun changes nothing.
	DryRun bool
	// Adopt is the word of an operator that this database is the right one, although a bucket says otherwise.
	Adopt bool
}

// Report is what a run has found.
type Report struct {
	// Blobs and Staged are how many the buckets list.
	Blobs, Staged int64
	// Foreign is how many have names that this server never gives. They are left alone.
	Foreign int64
	// Lost is how many rows have no blob; at most the first thousand are among the findings.
	Lost     int64
	Findings []Finding
}

// Reconciler compares the buckets with the database.
type Reconciler struct {
	store   ReconcileStore
	buckets Inventory
	now     func() time.Time
	log     *slog.Logger
}

// NewReconciler returns one.
func NewReconciler(store ReconcileStore, buckets Inventory, now func() time.Time, log *slog.Logger) *Reconciler {
	return &Reconciler{store: store, buckets: buckets, now: now, log: log}
}

// Daily is Reconcile if a day has passed since it was done.
func (r *Reconciler) Daily(ctx context.Context) error {
	_, _, ended, err := r.store.BucketRuns(ctx)
	if err != nil || r.now().Sub(ended) < QuarantineFor {
		return err
	}

	_, err = r.Reconcile(ctx, Plan{})
	return err
}

// Reconcile drops from the buckets what no object or open upload has accounted for during a day, and tells what rows
// know and no bucket has.
//
// Errors: fault.Conflict, and nothing was dropped, if a bucket is another deployment's, or has no mark and what no row
// knows, if the database is behind it, or if too much has no row; fault.Unavailable. What was found is returned in any
// case.
func (r *Reconciler) Reconcile(ctx context.Context, p Plan) (Report, error) {
	instance, run, _, err := r.store.BucketRuns(ctx)
	if err != nil {
		return Report{}, err
	}

	marks, err := r.checkMarks(ctx, instance, run, p)
	if err != nil {
		return Report{}, r.alarm(ctx, err)
	}

	f, err := r.look(ctx)
	if err == nil {
		err = f.check(marks, p)
	}

	if err != nil {
		return f.report(nil, r.now()), r.alarm(ctx, err)
	}

	report, err := r.settle(ctx, f, instance, marks, p)
	r.tell(ctx, report, p)
	return report, err
}

// checkMarks refuses a bucket of another deployment, and a database that knows of fewer runs than a bucket: it was
// restored from before one, or is a copy of another.
func (r *Reconciler) checkMarks(ctx context.Context, instance string, run int64, p Plan) (map[string]Mark, error) {
	marks := map[string]Mark{}
	for _, b := range r.buckets.Buckets() {
		m, err := r.buckets.Mark(ctx, b.Region)
		if err != nil {
			return nil, err
		}

		switch {
		case m.Generation > 0 && m.Instance != instance:
			return nil, fault.New(fault.Conflict, "The bucket of %s belongs to another deployment than this "+
				"database. Nothing was touched. Is this the right database?", b.Region)
		case m.Run > run && !p.Adopt:
			return nil, fault.New(fault.Conflict, "The database has %d runs on record, the bucket of %s has %d: the "+
				"database was restored from before, "+
				"or is a copy. Nothing was touched. If it is the right one, say so: `data-api reconcile --adopt`.", run, b.Region, m.Run)
		}

		marks[b.Region] = m
	}

	return marks, nil
}

// settle quarantines strays, drops those that have been there for long enough, and keeps that the run is over.
func (r *Reconciler) settle(
	ctx context.Context, f *seen, instance string, marks map[string]Mark, p Plan,
) (Report, error) {
	if p.DryRun {
		since, err := r.store.Strays(ctx)
		return f.report(since, r.now()), err
	}

	since, err := r.quarantine(ctx, f, instance, marks)
	if err != nil {
		return f.report(nil, r.now()), err
	}

	report := f.report(since, r.now())
	for i, n := range report.Findings {
		if !n.Ended {
			continue
		}

		if report.Findings[i].Ended, err = r.end(ctx, n); err != nil {
			return report, err
		}
	}

	return report, r.store.EndBucketRun(ctx, r.now())
}

// quarantine begins a run. The database counts it first, so that it is never behind a bucket by itself.
func (r *Reconciler) quarantine(
	ctx context.Context, f *seen, instance string, marks map[string]Mark,
) (map[Stray]time.Time, error) {
	var last int64
	for _, m := range marks {
		last = max(last, m.Run)
	}

	run, err := r.store.BeginBucketRun(ctx, last)
	if err != nil {
		return nil, err
	}

	for region, m := range marks {
		if err := r.buckets.SetMark(ctx, region, Mark{
			Instance:   instance,
			Run:        run,
			Generation: m.Generation,
		}); err != nil {
			return nil, err
		}
	}

	for some := range slices.Chunk(f.strays(), askAtOnce) {
		if err := r.store.NoteStrays(ctx, run, some, r.now()); err != nil {
			return nil, err
		}
	}

	if err := r.store.ForgetStrays(ctx, run); err != nil {
		return nil, err
	}

	return r.store.Strays(ctx)
}

// end drops what has been quarantined for long enough, unless a row accounts for it by now.
func (r *Reconciler) end(ctx context.Context, n Finding) (ended bool, err error) {
	h, found, err := r.buckets.Find(ctx, Place(n.Stray))
	if err != nil || !found {
		return found, err
	}

	known, err := r.known(ctx, n.Stray)
	if err != nil || known {
		return false, err
	}

	return true, r.buckets.DropHeld(ctx, n.Region, h)
}

func (r *Reconciler) alarm(ctx context.Context, err error) error {
	if fault.Is(err, fault.Conflict) {
		r.log.ErrorContext(ctx, "reconciling was stopped: nothing was dropped", "error", err)
	}

	return err
}

// tell logs what was found. That a blob is lost is for people to look into.
func (r *Reconciler) tell(ctx context.Context, report Report, p Plan) {
	for _, f := range report.Findings {
		level := slog.LevelWarn
		if f.Kind == Lost {
			level = slog.LevelError
		}

		r.log.Log(ctx, level, "a bucket and the database differ", "kind", f.Kind, "region", f.Region, "name", f.Name,
			"since", f.Since, "ended", f.Ended, "dryRun", p.DryRun)
	}

	r.log.InfoContext(ctx, "reconciled", "blobs", report.Blobs, "staged", report.Staged, "foreign", report.Foreign,
		"lost", report.Lost,
		"findings", len(report.Findings), "dryRun", p.DryRun)
}
