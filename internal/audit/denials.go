package audit

import (
	"context"
	"sync"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
)

// foldFor is how long repeats of a denial are counted instead of written.
const foldFor = time.Minute

// maxFolds bounds how many denials are remembered; past it all are forgotten, which writes more, never less.
const maxFolds = 10_000

// Denials puts refused attempts on record. Repeats by one principal on one field within a minute are folded:
// the next one written says how many came in between, as `denialsSuppressed`.
type Denials struct {
	store Store
	now   func() time.Time

	mu    sync.Mutex
	folds map[attempt]*fold
}

type attempt struct {
	workspace authz.WorkspaceID
	who       authz.Who
	field     string
}

type fold struct {
	until      time.Time
	suppressed int
}

// NewDenials returns a recorder of refused attempts that asks now for the time.
func NewDenials(store Store, now func() time.Time) *Denials {
	return &Denials{store: store, now: now, folds: map[attempt]*fold{}}
}

// Record puts on record that the actor was refused a field of the schema, for example `Mutation.revealSecret`.
//
// An actor in no workspace leaves no record: nothing is written into a workspace that the caller is not in.
// Errors: fault.Unavailable if it could not be put on record.
func (d *Denials) Record(ctx context.Context, a authz.Actor, field string, need authz.Need) error {
	if a.Workspace == "" {
		return nil
	}
	suppressed, write := d.fold(attempt{a.Workspace, a.Who, field})
	if !write {
		return nil
	}
	entry := Record(a, AccessDenied).Ended(Denied).On("field", "", field).
		With("requiredRole", string(need.Role)).With("requiredScope", string(need.Scope))
	if suppressed > 0 {
		entry = entry.With("denialsSuppressed", suppressed)
	}
	err := d.store.Record(ctx, entry)
	if err != nil {
		d.unfold(attempt{a.Workspace, a.Who, field}, suppressed)
	}
	return err
}

// unfold lets the next attempt be written, with all those that came in between, since this one could not be.
func (d *Denials) unfold(at attempt, suppressed int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if open, seen := d.folds[at]; seen {
		open.until = time.Time{}
		open.suppressed += suppressed
	}
}

func (d *Denials) fold(at attempt) (suppressed int, write bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	open, seen := d.folds[at]
	if seen && now.Before(open.until) {
		open.suppressed++
		return 0, false
	}
	if len(d.folds) >= maxFolds {
		clear(d.folds)
	}
	d.folds[at] = &fold{until: now.Add(foldFor)}
	if seen {
		suppressed = open.suppressed
	}
	return suppressed, true
}
