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
	}
	if err := jobs.Run(ctx, work); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}

	return nil
}

func (a *App) periodicJobs() []jobs.PeriodicJob {
	return []jobs.PeriodicJob{
		{Name: "secrets:reconcile", Every: time.Hour, Longest: 12 * time.Hour, Run: a.Secrets(a.log).Daily},
		{Name: "objects:reconcile", Every: time.Hour, Longest: 12 * time.Hour, Run: a.Objects(a.log).Daily},
		{Name: "audit:partitions", Every: 24 * time.Hour, Longest: time.Minute, Run: a.DB.Ready},
	}
}
