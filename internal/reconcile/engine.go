package reconcile

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// If more than mostOrphans and more than 1 in oneIn of what is listed have no row, the engine doubts the database, not
// the backend, and stops.
const (
	mostOrphans = 10
	oneIn       = 100
)

// Words are where sentences and log lines about one backend differ from those about another.
type Words struct {
	// Place stands before a region: "bucket of". Items are what the backend lists: "blobs in the buckets".
	Place, Items string
	// Differ is the log line of a finding, and Names are the attributes that name its stray.
	Differ string
	Names  func(Stray) []any
	// Ended is what a run does with a stray: "dropped".
	Ended string
}

// Engine reconciles one backend with the database.
type Engine struct {
	Store   Store
	Marks   Marks
	Backend Backend
	Words   Words
	Now     func() time.Time
	Log     *slog.Logger
}

// run is one run of an engine.
type run struct {
	*Engine
	Comparison
	*Report
	plan     Plan
	instance string
	marks    map[string]Mark
}

// Daily runs if a day has passed since the last run ended.
func (e *Engine) Daily(ctx context.Context, c Comparison) error {
	last, err := e.Store.LastRun(ctx, e.Backend)
	if err != nil || last.EndedAt != nil && e.Now().Sub(*last.EndedAt) < QuarantineFor {
		return err
	}

	return e.Run(ctx, c, Plan{})
}

// Run drops the strays that runs have seen for a day, reports what the backend has lost, and logs both.
//
// Errors: fault.Conflict, and nothing was dropped, if a place belongs to another deployment, or has no mark and has
// orphans, if the database knows of fewer runs than the backend, or if too much has no row; fault.Unavailable. What was
// found is in the comparison's Report in any case.
func (e *Engine) Run(ctx context.Context, c Comparison, p Plan) error {
	r := &run{Engine: e, Comparison: c, Report: c.Result(), plan: p, marks: map[string]Mark{}}
	err := r.checkMarks(ctx)
	if err == nil {
		err = r.Look(ctx, r.instance)
	}

	if err == nil {
		err = r.checkOrphans()
	}

	if err != nil {
		r.date(nil)
		if fault.Is(err, fault.Conflict) {
			r.Log.ErrorContext(ctx, "reconciling was stopped: nothing was "+r.Words.Ended, "error", err)
		}

		return err
	}

	err = r.settle(ctx)
	r.report(ctx)
	return err
}

// checkMarks refuses a place of another deployment, and a database that knows of fewer runs than the backend: somebody
// restored it from before one, or it is a copy.
//
// It asks the backend first. The database counts a run before the backend does, so one that begins meanwhile puts the
// database ahead.
func (r *run) checkMarks(ctx context.Context) (err error) {
	for _, region := range r.Marks.Regions() {
		if r.marks[region], err = r.Marks.Mark(ctx, region); err != nil {
			return err
		}
	}

	last, err := r.Store.LastRun(ctx, r.Backend)
	if err != nil {
		return err
	}

	r.instance = last.Instance
	for _, region := range r.Marks.Regions() {
		switch m := r.marks[region]; {
		case m.Generation > 0 && m.Instance != last.Instance:
			return fault.New(fault.Conflict, "The %s %s belongs to another deployment than this database. Nothing was "+
				"touched. Is this the right database?", r.Words.Place, region)
		case m.Run > last.Number && !r.plan.Adopt:
			return fault.New(fault.Conflict, "The database has %d runs on record, the %s %s has %d: the database was "+
				"restored from before, or is a copy. Nothing was touched. If it is the right one, say so: "+
				"`data-api reconcile --adopt`.", last.Number, r.Words.Place, region, m.Run)
		}
	}

	return nil
}

// checkOrphans stops a run if too many items have no row, or if a place without a mark holds items without a row: it
// may belong to another deployment.
func (r *run) checkOrphans() error {
	in := map[string]int{}
	n := int64(0)
	for _, f := range r.Findings {
		if f.Kind == Orphan {
			in[f.Region]++
			n++
		}
	}

	if n > mostOrphans && n*oneIn > r.Listed {
		return fault.New(fault.Conflict, "Of %d %s, %d have no row: more than %d, and more than 1 in %d. Nothing was "+
			"touched. Is this the right database?", r.Listed, r.Words.Items, n, mostOrphans, oneIn)
	}

	for _, region := range r.Marks.Regions() {
		if r.marks[region].Generation == 0 && in[region] > 0 && !r.plan.Adopt {
			return fault.New(fault.Conflict, "The %s %s bears no deployment's mark, and has %d blobs without a row. "+
				"Nothing was touched. If it is this database's, say so: `data-api reconcile --adopt`.",
				r.Words.Place, region, in[region])
		}
	}

	return nil
}

// settle quarantines strays, drops those whose day is over, and records that the run has ended.
func (r *run) settle(ctx context.Context) (err error) {
	if !r.plan.DryRun {
		err = r.quarantine(ctx)
	}

	var since map[Stray]time.Time
	if err == nil {
		since, err = r.Store.Quarantined(ctx, r.Backend)
	}

	r.date(since)
	if err != nil || r.plan.DryRun {
		return err
	}

	for i, f := range r.Findings {
		if !f.Ended {
			continue
		}

		if r.Findings[i].Ended, err = r.End(ctx, f.Stray); err != nil {
			return err
		}
	}

	return r.Store.EndRun(ctx, r.Backend, r.Now())
}

// quarantine begins a run. The database counts it first, so that it is never behind the backend by itself.
func (r *run) quarantine(ctx context.Context) error {
	var last int64
	for _, m := range r.marks {
		last = max(last, m.Run)
	}

	n, err := r.Store.BeginRun(ctx, r.Backend, last)
	if err != nil {
		return err
	}

	for _, region := range r.Marks.Regions() {
		m := Mark{Instance: r.instance, Run: n, Generation: r.marks[region].Generation}
		if err := r.Marks.SetMark(ctx, region, m); err != nil {
			return err
		}
	}

	var strays []Stray
	for _, f := range r.Findings {
		if !f.Lost {
			strays = append(strays, f.Stray)
		}
	}

	return r.Store.Quarantine(ctx, r.Backend, n, strays, r.Now())
}

// date puts the findings in order, and says since when runs have seen each stray: since now unless it is in `since`.
func (r *run) date(since map[Stray]time.Time) {
	now := r.Now()
	for i := range r.Findings {
		if f := &r.Findings[i]; !f.Lost {
			first, known := since[f.Stray]
			if !known {
				first = now
			}

			f.Since, f.Ended = first, now.Sub(first) >= QuarantineFor
		}
	}

	slices.SortFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Number, b.Number))
	})
}

// mostLines is how many findings of a kind, lost or stray, get a log line of their own.
const mostLines = 20

// group is findings that share a bound of log lines.
type group struct {
	kind Kind
	lost bool
}

func (g group) level() slog.Level {
	if g.lost {
		return slog.LevelError
	}

	return slog.LevelWarn
}

// report logs what a run found: the first findings of each kind, and how many more there are. What the backend has lost
// is an error: people have to look into it.
func (r *run) report(ctx context.Context) {
	found := map[group]int{}
	var kinds []group
	for _, f := range r.Findings {
		g := group{f.Kind, f.Lost}
		if found[g]++; found[g] == 1 {
			kinds = append(kinds, g)
		}

		if found[g] > mostLines {
			continue
		}

		r.Log.Log(ctx, g.level(), r.Words.Differ, slices.Concat([]any{"kind", f.Kind, "region", f.Region},
			r.Words.Names(f.Stray), []any{"since", f.Since, "ended", f.Ended, "dryRun", r.plan.DryRun})...)
	}

	for _, g := range kinds {
		if n := found[g]; n > mostLines {
			r.Log.Log(ctx, g.level(), r.Words.Differ+", and more like it: `data-api reconcile --dry-run` lists all",
				"kind", g.kind, "found", n, "logged", mostLines, "dryRun", r.plan.DryRun)
		}
	}

	r.Log.InfoContext(ctx, "reconciled", append(r.Counts(), "findings", len(r.Findings), "dryRun", r.plan.DryRun)...)
}
