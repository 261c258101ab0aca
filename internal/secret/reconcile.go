package secret

import (
	"context"
	"log/slog"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

const (
	// QuarantineFor is how long something must have been seen without a row before it is destroyed.
	QuarantineFor = 24 * time.Hour
	// Not more than so many, or else not more than one in so many, may be without a row: beyond that the database is
	// doubted, not the vault.
	mostOrphans, oneIn = 10, 100
	// settledAfter is how old a row must be before the vault's lists are expected to show it.
	settledAfter = 24 * time.Hour
)

// Inventory is a vault that lists what it has. Its lists may lag for hours.
type Inventory interface {
	Chest
	// Regions returns one region for each place that secrets are kept in.
	Regions() []string
	// Secrets returns the secrets listed for a region. Errors: fault.Unavailable.
	Secrets(ctx context.Context, region string) ([]Held, error)
	// Numbers returns the versions of a secret that are listed and not destroyed. Errors: fault.Unavailable.
	Numbers(ctx context.Context, p Place) ([]Number, error)
	// Run returns the number of this deployment's last run; 0 if there was none. SetRun keeps it. Errors:
	// fault.Unavailable.
	Run(ctx context.Context, region string) (int64, error)
	SetRun(ctx context.Context, region string, n int64) error
}

// Kind is what is wrong with something.
type Kind string

// The kinds.
const (
	// Orphan is in the vault, and no row knows it.
	Orphan Kind = "orphan"
	// Missing is in a row, and not in the vault. It is told, never mended: no row is dropped for it.
	Missing Kind = "missing"
)

// Finding is something that the database and the vault do not agree on.
type Finding struct {
	Kind Kind
	Place
	// Number is 0 for a whole secret.
	Number Number
	// Since is when it was first seen; zero for what is told alone.
	Since time.Time
	// Ended is whether it was destroyed, or would have been.
	Ended bool
}

// Sighting is an orphan that a run has seen.
type Sighting struct {
	Place
	Number Number
}

// ReconcileStore knows the rows, and keeps what was seen without one. All of it is bookkeeping: what is quarantined
// belongs to no workspace.
type ReconcileStore interface {
	// Instance says which deployment this is, the number of its last run, and when that ended; zero for never.
	Instance(ctx context.Context) (id string, run int64, ended time.Time, err error)
	// Known returns those of the ids that have a row, or that a call may still come back with. settled is whether its
	// versions count.
	Known(ctx context.Context, ids []ID) (settled map[ID]bool, err error)
	// KnownNumbers returns the numbers that a secret's rows have, and whether the vault should list each.
	KnownNumbers(ctx context.Context, id ID, before time.Time) (expected map[Number]bool, err error)
	// InTheVault returns secrets made before a time that the vault should have, after one of them.
	InTheVault(ctx context.Context, before time.Time, after Due, most int) ([]Due, error)
	// BeginRun returns the number of a new run, greater than that of the last one and than another one.
	BeginRun(ctx context.Context, after int64) (int64, error)
	// Quarantine keeps what a run has seen, forgets what it has not, and returns when each was first seen.
	Quarantine(ctx context.Context, run int64, seen []Sighting, at time.Time) (since map[Sighting]time.Time, err error)
	// Quarantined returns when each was first seen; what is not there was not.
	Quarantined(ctx context.Context) (since map[Sighting]time.Time, err error)
	// EndRun keeps when a run ended.
	EndRun(ctx context.Context, at time.Time) error
}

// Reconciler compares the vault with the database.
type Reconciler struct {
	store ReconcileStore
	vault Inventory
	now   func() time.Time
	log   *slog.Logger
}

// NewReconciler returns one.
func NewReconciler(store ReconcileStore, vault Inventory, now func() time.Time, log *slog.Logger) *Reconciler {
	return &Reconciler{store: store, vault: vault, now: now, log: log}
}

// Plan says how to reconcile.
type Plan struct {
	// DryRun changes nothing.
	DryRun bool
	// Adopt is the word of an operator that this database is the right one, although it is behind the vault.
	Adopt bool
}

// Report is what a run has found.
type Report struct {
	// Secrets and Versions are how many the vault lists.
	Secrets, Versions int
	// Foreign is how many of the secrets have no row and were made by another deployment, or by nobody knows which.
	// They are left alone.
	Foreign  int
	Findings []Finding
}

// Daily is Reconcile if a day has passed since it was done.
func (r *Reconciler) Daily(ctx context.Context) error {
	_, _, ended, err := r.store.Instance(ctx)
	if err != nil || r.now().Sub(ended) < QuarantineFor {
		return err
	}

	_, err = r.Reconcile(ctx, Plan{})
	return err
}

// Reconcile destroys in the vault what this deployment has made and no row has known for a day, and tells what rows
// know and the vault has not.
//
// Errors: fault.Conflict, and nothing was destroyed, if the database is behind the vault, or if too much has no row;
// fault.Unavailable. What was found is returned in any case.
func (r *Reconciler) Reconcile(ctx context.Context, p Plan) (Report, error) {
	instance, last, err := r.checkRuns(ctx, p)
	if err != nil {
		return Report{}, r.alarm(ctx, err)
	}

	f, err := r.look(ctx, instance)
	if err == nil {
		err = f.checkOrphans()
	}

	if err != nil {
		return f.report(nil, r.now()), r.alarm(ctx, err)
	}

	report, err := r.settle(ctx, f, last, p)
	r.tell(ctx, report, p)
	return report, err
}

// checkRuns refuses a database that knows of fewer runs than the vault: it was restored from before one, or is a copy
// of another. It returns which deployment this is, and the last run that the vault knows of.
//
// It asks the vault first. A run is counted by the database before the vault, so one that begins meanwhile puts the
// database ahead.
func (r *Reconciler) checkRuns(ctx context.Context, p Plan) (instance string, last int64, err error) {
	var ahead string
	for _, region := range r.vault.Regions() {
		there, err := r.vault.Run(ctx, region)
		if err != nil {
			return "", 0, err
		}

		if there > last {
			last, ahead = there, region
		}
	}

	instance, run, _, err := r.store.Instance(ctx)
	if err == nil && run < last && !p.Adopt {
		err = fault.New(fault.Conflict, "The database has %d runs on record, the vault in %s has %d: the database "+
			"was restored from before, "+
			"or is a copy. Nothing was touched. If it is the right one, say so: `data-api reconcile --adopt`.", run, ahead, last)
	}

	return instance, last, err
}

// checkOrphans refuses to believe that very much has no row.
func (f *seen) checkOrphans() error {
	n, all := len(f.orphans), len(f.secrets)+f.versions
	if n > mostOrphans && n*oneIn > all {
		return fault.New(fault.Conflict, "Of %d secrets and versions in the vault, %d have no row: more than %d, and "+
			"more than 1 in %d. Nothing was touched. "+
			"Is this the right database?", all, n, mostOrphans, oneIn)
	}

	return nil
}

// settle quarantines orphans, destroys those that have been there for long enough, and keeps that the run is over.
func (r *Reconciler) settle(ctx context.Context, f *seen, last int64, p Plan) (Report, error) {
	if p.DryRun {
		since, err := r.store.Quarantined(ctx)
		return f.report(since, r.now()), err
	}

	since, err := r.quarantine(ctx, f, last)
	if err != nil {
		return f.report(nil, r.now()), err
	}

	report := f.report(since, r.now())
	for i, n := range report.Findings {
		if !n.Ended {
			continue
		}

		if report.Findings[i].Ended, err = r.end(ctx, n, f); err != nil {
			return report, err
		}
	}

	return report, r.store.EndRun(ctx, r.now())
}

// quarantine begins a run. The database counts it first, so that it is never behind the vault by itself.
func (r *Reconciler) quarantine(ctx context.Context, f *seen, last int64) (map[Sighting]time.Time, error) {
	run, err := r.store.BeginRun(ctx, last)
	if err != nil {
		return nil, err
	}

	for _, region := range r.vault.Regions() {
		if err := r.vault.SetRun(ctx, region, run); err != nil {
			return nil, err
		}
	}

	return r.store.Quarantine(ctx, run, f.orphans, r.now())
}

func (r *Reconciler) alarm(ctx context.Context, err error) error {
	if fault.Is(err, fault.Conflict) {
		r.log.ErrorContext(ctx, "reconciling was stopped: nothing was destroyed", "error", err)
	}

	return err
}

// tell logs what was found. That a value is missing is for people to look into.
func (r *Reconciler) tell(ctx context.Context, report Report, p Plan) {
	for _, f := range report.Findings {
		level := slog.LevelWarn
		if f.Kind == Missing {
			level = slog.LevelError
		}

		r.log.Log(ctx, level, "the vault and the database differ", "kind", f.Kind, "region", f.Region, "secret", f.ID,
			"number", f.Number,
			"since", f.Since, "ended", f.Ended, "dryRun", p.DryRun)
	}

	r.log.InfoContext(ctx, "reconciled", "secrets", report.Secrets, "versions", report.Versions, "foreign",
		report.Foreign,
		"findings", len(report.Findings), "dryRun", p.DryRun)
}
