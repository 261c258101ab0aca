// Package reconcile compares what a backend lists with the rows of the database, and drops what no row knows.
//
// A backend is Secret Manager or the buckets. Each noun supplies a Comparison: what its backend lists, and how to judge
// that. The engine doubts the database first. It stops, and touches nothing, if a bucket belongs to another deployment,
// if the backend knows of later runs than the database, which an operator may overrule (Plan.Adopt), and if too much
// has no row. It drops what has no row (a stray) only after a day of runs that have all seen it. It only reports what
// the backend has lost: no row goes for that.
//
// All of it is bookkeeping: strays belong to no workspace, and no audit log names them.
package reconcile

import (
	"context"
	"time"
)

// QuarantineFor is how long runs must have seen a stray before one drops it.
const QuarantineFor = 24 * time.Hour

// Backend names what is compared with the rows. The runs over each are counted apart.
type Backend string

// The backends.
const (
	Vault   Backend = "vault"
	Buckets Backend = "buckets"
)

// Kind is what is wrong with a finding. Nouns have kinds of their own beside this one.
type Kind string

// Orphan is in the backend, and no row knows it.
const Orphan Kind = "orphan"

// Stray is something in a backend that no row accounts for.
type Stray struct {
	Region, Name string
	// Number is a version's; 0 for all of what has the name.
	Number int64
}

// Finding is something that the database and a backend do not agree on.
type Finding struct {
	Kind Kind
	Stray
	// Lost is whether the backend lacks it, and a row knows it.
	Lost bool
	// Since is when a run first saw a stray; zero for what is lost.
	Since time.Time
	// Ended is whether the run dropped it, or would have.
	Ended bool
}

// Plan says how to reconcile.
type Plan struct {
	// DryRun changes nothing.
	DryRun bool
	// Adopt is an operator's word that this database is the right one, although the backend says otherwise.
	Adopt bool
}

// Mark is what a backend knows of its last run, and of the deployment that made it.
type Mark struct {
	Instance string
	Run      int64
	// Generation is that of the mark itself; 0 for one that is not there yet.
	Generation int64
}

// Marks keeps the marks of a backend.
type Marks interface {
	// Regions returns one region for each place of the backend, in order.
	Regions() []string
	// Mark returns the mark of a region's place; the zero one if it has none. Errors: fault.Unavailable.
	Mark(ctx context.Context, region string) (Mark, error)
	// SetMark replaces the mark of that generation. Errors: fault.Conflict if it is of another by now;
	// fault.Unavailable.
	SetMark(ctx context.Context, region string, m Mark) error
}

// LastRun is what the database knows of the last run over a backend.
type LastRun struct {
	// Instance is the deployment that the database belongs to.
	Instance string
	Number   int64
	// EndedAt is nil if no run has ended.
	EndedAt *time.Time
}

// Store keeps the runs over each backend, and the strays that the last one has seen.
type Store interface {
	// LastRun returns the last run that has begun, and when the last one ended.
	LastRun(ctx context.Context, of Backend) (LastRun, error)
	// BeginRun returns the number of a new run, greater than that of the last one and than `after`.
	BeginRun(ctx context.Context, of Backend, after int64) (int64, error)
	// Quarantine keeps the strays that a run has seen, and forgets those that it has not.
	Quarantine(ctx context.Context, of Backend, run int64, seen []Stray, at time.Time) error
	// Quarantined returns since when runs have seen each stray.
	Quarantined(ctx context.Context, of Backend) (since map[Stray]time.Time, err error)
	// EndRun records when a run ended.
	EndRun(ctx context.Context, of Backend, at time.Time) error
}

// Comparison is one run over one backend. It embeds a Report.
type Comparison interface {
	// Look adds to Report what the backend lists, and where that and the rows disagree. It lists the backend before it
	// reads the rows, because each item gets its row first.
	Look(ctx context.Context, instance string) error
	// End drops a stray, unless a row knows it by now.
	End(ctx context.Context, s Stray) (ended bool, err error)
	// Counts are the log's attributes of the run.
	Counts() []any
	// Result is the Report that it embeds.
	Result() *Report
}

// Report collects what a run finds.
type Report struct {
	// Listed is how many of the items that the backend lists should have a row.
	Listed int64
	// Findings are in order once the run has ended.
	Findings []Finding
	// Strays is how many of them are strays.
	Strays int
}

// Add adds a stray.
func (s *Report) Add(kind Kind, at Stray) {
	s.Findings = append(s.Findings, Finding{Kind: kind, Stray: at})
	s.Strays++
}

// Lose adds something that a row knows and the backend lacks.
func (s *Report) Lose(kind Kind, at Stray) {
	s.Findings = append(s.Findings, Finding{Kind: kind, Stray: at, Lost: true})
}

// Result implements Comparison for those that embed a Report.
func (s *Report) Result() *Report { return s }
