package jobs_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/jobs"
	"github.com/provenanceone/data-api/internal/trace"
	"github.com/provenanceone/data-api/internal/trace/tracetest"
)

type place struct {
	ID string `json:"id"`
}

// TestRun_Observe_IsToldOfEachJobAndItsError has one batch of one item, which fails, and one periodic job.
func TestRun_Observe_IsToldOfEachJobAndItsError(t *testing.T) {
	t.Parallel()
	s := newServers(t)
	var mu sync.Mutex
	seen := map[string]bool{}
	failed := errors.New("no")
	tracer, flush := tracetest.Tracer(t, trace.Options{Ratio: 1})
	s.start(jobs.Options{
		Batches: []jobs.Batch{jobs.NewBatch("batch", time.Second,
			func(_ context.Context, after place) ([]place, error) {
				if after.ID != "" {
					return nil, nil
				}
				return []place{{"one"}}, nil
			}, func(ctx context.Context, _ place) error {
				trace.From(ctx).Call("statement").End()
				return failed
			})},
		PeriodicJobs: []jobs.PeriodicJob{{Name: "whole", Every: time.Hour, Longest: time.Minute,
			Run: func(context.Context) error { return nil }}},
		Tracer: tracer,
		Observe: func(kind, name string, took time.Duration, err error) {
			mu.Lock()
			defer mu.Unlock()
			outcome := " done"
			if errors.Is(err, failed) {
				outcome = " failed"
			}
			if seen[kind+" "+name+outcome] = took >= 0; len(seen) == 3 {
				s.stop()
			}
		},
	})
	s.all.Wait()
	for _, want := range []string{"search batch done", "item batch failed", "periodic whole done"} {
		if !seen[want] {
			t.Errorf("%s is not among %v", want, seen)
		}
	}
	s.end()
	spans := flush()
	paths := tracetest.Paths(spans)
	for _, want := range []string{"item", "item > statement", "periodic", "search"} {
		if !slices.Contains(paths, want) {
			t.Errorf("there is no span %s in %q", want, paths)
		}
	}
	for _, s := range spans {
		if s.Name == "item" && (!s.Failed || s.Attributes["data_api.job.name"] != "batch" ||
			strings.Contains(strings.Join(s.Texts, " "), "one")) {
			t.Errorf("the span of the item is %+v", s)
		}
	}
}
