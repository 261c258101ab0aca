package app

import (
	"context"
	"fmt"
	"time"

	"github.com/provenanceone/data-api/internal/jobs"
)

// Upkeep does what must happen without anybody asking, until ctx ends. It does nothing if the settings have no jobs.
//
// Errors: those of jobs.Run.
func (a *App) Upkeep(ctx context.Context) error {
	if !a.settings.Jobs {
		return nil
	}

	pool := a.DB.OpenQueue()
	defer func() { _ = pool.Close() }() // it complains of connections that the database has ended

	a.Metrics.Pool("jobs", pool.Stats)
	work := jobs.Options{
		Pool:         pool,
		Log:          a.log,
		Batches:      a.batches(),
		PeriodicJobs: a.periodicJobs(),
		Observe:      a.Metrics.Job,
		Tracer:       a.tracer,
	}
	a.expect(work)
	if err := jobs.Run(ctx, work); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}

	return nil
}

// expect has the metrics know all jobs before any has run.
func (a *App) expect(work jobs.Options) {
	for _, b := range work.Batches {
		a.Metrics.Expect("search", b.Name)
		a.Metrics.Expect("item", b.Name)
	}

	for _, j := range work.PeriodicJobs {
		a.Metrics.Expect("periodic", j.Name)
	}
}

func (a *App) periodicJobs() []jobs.PeriodicJob {
	return []jobs.PeriodicJob{
		{Name: "secrets:reconcile", Every: time.Hour, Longest: 12 * time.Hour, Run: a.Secrets(a.log).Daily},
		{Name: "objects:reconcile", Every: time.Hour, Longest: 12 * time.Hour, Run: a.Objects(a.log).Daily},
		{Name: "audit:partitions", Every: 24 * time.Hour, Longest: time.Minute, Run: a.DB.Ready},
	}
}
