package audit

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/authz"
)

const (
	// foldFor is how long repeats of a denial are counted instead of written.
	foldFor = time.Minute
	// maxFolds bounds how many denials are remembered; past it all are written out and forgotten: that writes more,
	// never less.
	maxFolds = 10_000
	// maxTargets is how many targets of one principal and field have a fold of their own; further ones share one.
	maxTargets = 20
	// maxReason is how many characters of a refused call's reason go on record: the limit for an allowed call.
	maxReason = 1000
)

// Denials puts refused attempts on record. The first is written at once. Repeats by one principal on one field and
// thing within a minute are folded: one event says how many there were, as `denialsSuppressed`, and from which
// `addresses`. It is written with the next denial after the minute, or else by Keep.
type Denials struct {
	store Store
	now   func() time.Time

	mu    sync.Mutex
	folds map[attempt]*fold
	// targets counts the folds of each principal and field that are about one thing.
	targets map[attempt]int
}

// attempt is what folds together. Without a target it stands for all of them.
type attempt struct {
	workspace authz.WorkspaceID
	who       authz.Who
	field     string
	target    string
}

type fold struct {
	until time.Time
	tally
}

// NewDenials returns a recorder of refused attempts that asks now for the time.
func NewDenials(store Store, now func() time.Time) *Denials {
	return &Denials{store: store, now: now, folds: map[attempt]*fold{}, targets: map[attempt]int{}}
}

// Refusal describes a call that a guard refused.
type Refusal struct {
	// Field is that of the schema, for example `Mutation.revealSecret`.
	Field string
	Need  authz.Need
	// TargetID is the id that the caller sent, whether such a thing exists or not; empty if there was none.
	TargetID string
	// Reason is why the caller wanted it, in their words; often empty.
	Reason string
}

// Record puts on record that the actor was refused a field of the schema.
//
// An actor in no workspace leaves no record: nothing is written into a workspace that the caller is not in.
// Errors: fault.Unavailable if it could not be put on record.
func (d *Denials) Record(ctx context.Context, a authz.Actor, r Refusal) error {
	entry := Record(a, AccessDenied).Ended(Denied).On("field", r.TargetID, r.Field).Because(cut(r.Reason)).
		With("requiredRole", string(r.Need.Role)).With("requiredScope", string(r.Need.Scope))
	return d.put(ctx, attempt{a.Workspace, a.Who, r.Field, r.TargetID}, entry)
}

// RecordNetwork puts on record, risk high, that a valid API key was used from a network that it may not be used from.
//
// Errors: fault.Unavailable if it could not be put on record.
func (d *Denials) RecordNetwork(ctx context.Context, key authz.Actor) error {
	entry := Record(key, AccessDenied).Ended(Denied).On("api_key", key.PrincipalID, key.Label).
		With("because", "network")
	entry.Risk = High
	return d.put(ctx, attempt{key.Workspace, key.Who, "network", key.PrincipalID}, entry)
}

// cut shortens a reason to what a call that is allowed may give.
func cut(reason string) string {
	if utf8.RuneCountInString(reason) <= maxReason {
		return reason
	}

	return string([]rune(reason)[:maxReason])
}

func (d *Denials) put(ctx context.Context, at attempt, e Entry) error {
	if at.workspace == "" {
		return nil
	}

	at, before, due, write := d.fold(at, e)
	if !write {
		return nil
	}

	err := d.store.Record(ctx, before.on(e))
	if err != nil {
		d.unfold(at, before)
	}

	return errors.Join(err, d.write(ctx, due))
}

// fold counts an attempt, or tells the caller to write it, with the count so far. due are the folds that end now, which
// the caller must write too.
func (d *Denials) fold(at attempt, e Entry) (of attempt, before tally, due map[attempt]tally, write bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	if d.folds[at] == nil && at.target != "" && d.targets[at.any()] >= maxTargets {
		at = at.any()
	}

	open, seen := d.folds[at]
	if seen && now.Before(open.until) {
		open.add(e)
		return at, tally{}, nil, false
	}

	if seen {
		before = open.tally
		d.drop(at)
	}

	if len(d.folds) >= maxFolds {
		due = d.take(func(*fold) bool { return true })
	}

	d.folds[at] = &fold{until: now.Add(foldFor)}
	if at.target != "" {
		d.targets[at.any()]++
	}

	return at, before, due, true
}

// unfold lets the next attempt be written, with all those that were counted, since this one could not be.
func (d *Denials) unfold(at attempt, counted tally) {
	d.mu.Lock()
	defer d.mu.Unlock()
	open, seen := d.folds[at]
	if !seen {
		return
	}

	open.until = time.Time{}
	open.tally = counted.plus(open.tally)
}

// any is the attempt whatever its target.
func (a attempt) any() attempt {
	a.target = ""
	return a
}

// take forgets the folds that are to go, and returns what they have counted.
func (d *Denials) take(goes func(*fold) bool) map[attempt]tally {
	due := map[attempt]tally{}
	for at, f := range d.folds {
		if !goes(f) {
			continue
		}

		if d.drop(at); f.n > 0 {
			due[at] = f.tally
		}
	}

	return due
}

func (d *Denials) drop(at attempt) {
	delete(d.folds, at)
	if at.target == "" {
		return
	}

	if d.targets[at.any()]--; d.targets[at.any()] == 0 {
		delete(d.targets, at.any())
	}
}

// write puts on record what was counted. What cannot be written is counted on.
func (d *Denials) write(ctx context.Context, due map[attempt]tally) (err error) {
	for at, counted := range due {
		if failed := d.store.Record(ctx, counted.event()); failed != nil {
			err = failed
			d.keep(at, counted)
		}
	}

	return err
}

func (d *Denials) keep(at attempt, counted tally) {
	d.mu.Lock()
	defer d.mu.Unlock()
	open, seen := d.folds[at]
	if !seen {
		open = &fold{}
		d.folds[at] = open
		if at.target != "" {
			d.targets[at.any()]++
		}
	}

	open.tally = counted.plus(open.tally)
}

// Flush puts on record what was counted in the minutes that are over. Errors: fault.Unavailable; what was not written
// is kept.
func (d *Denials) Flush(ctx context.Context) error {
	d.mu.Lock()
	now := d.now()
	due := d.take(func(f *fold) bool { return !now.Before(f.until) })
	d.mu.Unlock()
	return d.write(ctx, due)
}

// Close puts on record all that was counted. Errors: as Flush.
func (d *Denials) Close(ctx context.Context) error {
	d.mu.Lock()
	due := d.take(func(*fold) bool { return true })
	d.mu.Unlock()
	return d.write(ctx, due)
}

// Keep flushes what is due every so often, until ctx ends.
func (d *Denials) Keep(ctx context.Context, every time.Duration, log *slog.Logger) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}

		if err := d.Flush(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "refused attempts are not on record yet", "error", err)
		}
	}
}
