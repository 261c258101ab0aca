package reconcile_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/reconcile"
)

var day1 = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// world is a database and a backend of two regions.
type world struct {
	last    reconcile.LastRun
	marks   map[string]reconcile.Mark
	strays  map[reconcile.Stray]time.Time
	dropped []reconcile.Stray
	broken  error
}

func newWorld() *world {
	return &world{
		last:   reconcile.LastRun{Instance: "here", Number: 5},
		strays: map[reconcile.Stray]time.Time{},
		marks: map[string]reconcile.Mark{
			"eu": {Instance: "here", Run: 5, Generation: 11},
			"us": {Instance: "here", Run: 4, Generation: 22},
		},
	}
}

func (w *world) LastRun(context.Context, reconcile.Backend) (reconcile.LastRun, error) {
	return w.last, nil
}

func (w *world) BeginRun(_ context.Context, _ reconcile.Backend, after int64) (int64, error) {
	w.last.Number = max(w.last.Number, after) + 1
	return w.last.Number, nil
}

func (w *world) Quarantine(
	_ context.Context, _ reconcile.Backend, _ int64, seen []reconcile.Stray, at time.Time,
) error {
	before := w.strays
	w.strays = map[reconcile.Stray]time.Time{}
	for _, s := range seen {
		w.strays[s] = at
		if first, known := before[s]; known {
			w.strays[s] = first
		}
	}
	return nil
}

func (w *world) Quarantined(context.Context, reconcile.Backend) (map[reconcile.Stray]time.Time, error) {
	return w.strays, w.broken
}

func (w *world) EndRun(_ context.Context, _ reconcile.Backend, at time.Time) error {
	w.last.EndedAt = &at
	return nil
}

func (w *world) Regions() []string { return []string{"eu", "us"} }

func (w *world) Mark(_ context.Context, region string) (reconcile.Mark, error) {
	return w.marks[region], nil
}

func (w *world) SetMark(_ context.Context, region string, m reconcile.Mark) error {
	w.marks[region] = m
	return nil
}

// orphans is a comparison that finds an orphan of each name in the US.
type orphans struct {
	reconcile.Report
	*world
	names []string
}

func (o *orphans) Look(context.Context, string) error {
	for _, name := range o.names {
		o.Listed++
		o.Add(reconcile.Orphan, reconcile.Stray{Region: "us", Name: name})
	}
	return nil
}

func (o *orphans) End(_ context.Context, s reconcile.Stray) (bool, error) {
	o.dropped = append(o.dropped, s)
	return true, nil
}

func (o *orphans) Counts() []any { return nil }

func (w *world) run(t *testing.T, at time.Time, p reconcile.Plan, names ...string) ([]reconcile.Finding, error) {
	t.Helper()
	e := reconcile.Engine{
		Store:   w,
		Marks:   w,
		Backend: reconcile.Buckets,
		Words:   reconcile.Words{Names: func(reconcile.Stray) []any { return nil }},
		Now:     func() time.Time { return at },
		Log:     slog.New(slog.DiscardHandler),
	}
	o := &orphans{world: w, names: names}
	err := e.Run(t.Context(), o, p)
	return o.Findings, err
}

func TestRun_SeveralPlaces_AreMarkedWithOneRun(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.marks["us"] = reconcile.Mark{Instance: "here", Run: 9, Generation: 22}
	if _, err := w.run(t, day1, reconcile.Plan{}); !fault.Is(err, fault.Conflict) || w.last.Number != 5 {
		t.Fatalf("behind one of them: %v", err)
	}
	if _, err := w.run(t, day1, reconcile.Plan{Adopt: true}); err != nil {
		t.Fatal(err)
	}
	want := map[string]reconcile.Mark{
		"eu": {Instance: "here", Run: 10, Generation: 11},
		"us": {Instance: "here", Run: 10, Generation: 22},
	}
	if !maps.Equal(w.marks, want) {
		t.Errorf("the marks are %v", w.marks)
	}
}

func TestRun_PlaceWithoutAMark_IsRefusedForItsOwnOrphansOnly(t *testing.T) {
	t.Parallel()
	w := newWorld()
	w.marks["eu"] = reconcile.Mark{}
	if _, err := w.run(t, day1, reconcile.Plan{}, "a"); err != nil {
		t.Errorf("the orphan is in the other: %v", err)
	}
	w.marks["us"] = reconcile.Mark{}
	if _, err := w.run(t, day1, reconcile.Plan{}, "a"); !fault.Is(err, fault.Conflict) {
		t.Errorf("the orphan is there: %v", err)
	}
}

func TestRun_QuarantineThatCannotBeRead_DropsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld()
	if _, err := w.run(t, day1, reconcile.Plan{}, "b", "a"); err != nil {
		t.Fatal(err)
	}
	w.broken = errors.New("no answer")
	found, err := w.run(t, day1.Add(reconcile.QuarantineFor), reconcile.Plan{}, "b", "a")
	if !errors.Is(err, w.broken) || len(w.dropped) > 0 || len(found) != 2 {
		t.Errorf("%v, dropped %v, found %v", err, w.dropped, found)
	}
	w.broken = nil
	found, err = w.run(t, day1.Add(reconcile.QuarantineFor), reconcile.Plan{}, "b", "a")
	if err != nil || len(w.dropped) != 2 || w.dropped[0].Name != "a" || !found[0].Ended || !found[1].Ended {
		t.Errorf("%v, dropped %v, found %v", err, w.dropped, found)
	}
}

// losses is a comparison that finds as many of each kind lost.
type losses struct {
	reconcile.Report
	*world
	of map[reconcile.Kind]int
}

func (l *losses) Look(context.Context, string) error {
	for kind, n := range l.of {
		for i := range n {
			l.Lose(kind, reconcile.Stray{Region: "us", Name: strconv.Itoa(i)})
		}
	}
	return nil
}

func (*losses) End(context.Context, reconcile.Stray) (bool, error) { return false, nil }

func (*losses) Counts() []any { return nil }

func TestRun_ManyFindings_AreAFewLinesOfEachKindAndACount(t *testing.T) {
	t.Parallel()
	w := newWorld()
	var log bytes.Buffer
	e := reconcile.Engine{
		Store:   w,
		Marks:   w,
		Backend: reconcile.Buckets,
		Words:   reconcile.Words{Differ: "they differ", Names: func(s reconcile.Stray) []any { return []any{"blob", s.Name} }},
		Now:     func() time.Time { return day1 },
		Log:     slog.New(slog.NewTextHandler(&log, nil)),
	}
	found := &losses{world: w, of: map[reconcile.Kind]int{"missing": 50_000, "torn": 20, "odd": 1}}
	if err := e.Run(t.Context(), found, reconcile.Plan{}); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]int{
		"level=ERROR msg=\"they differ\" kind=missing": 20,
		"level=ERROR msg=\"they differ\" kind=torn":    20,
		"level=ERROR msg=\"they differ\" kind=odd":     1,
		"kind=missing found=50000 logged=20":           1,
		"found=20 ":                                    0,
		"findings=50021":                               1,
		"\n":                                           43,
	} {
		if got := strings.Count(log.String(), line); got != want {
			t.Errorf("%q is in the log %d times, not %d", line, got, want)
		}
	}
	if len(found.Findings) != 50_021 {
		t.Errorf("%d findings are left", len(found.Findings))
	}
}
