package app

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/jobs"
	"github.com/provenanceone/data-api/internal/secret"
)

// secretIntervals say how often each task looks for secrets that are due: a rotation is at most that late, and a value
// lives at most that much longer.
var secretIntervals = map[secret.Task]time.Duration{
	secret.RotateDue: 10 * time.Second,
	secret.Destroy:   time.Minute,
	secret.Purge:     time.Minute,
	secret.Sweep:     time.Minute,
}

// The other intervals.
const (
	// stagedEvery bounds how long a file that has landed waits to become an object if nobody asks for it; overdueEvery
	// how long an upload stays open that can receive no more bytes.
	stagedEvery  = 20 * time.Second
	overdueEvery = time.Minute
	// deletionsEvery bounds how long a deletion waits for a server.
	deletionsEvery = time.Second
	// blobsEvery bounds how long a blob without references stays in storage once storage answers.
	blobsEvery = time.Minute
)

// batches lists the work that is searched for. The names are in the rows of jobs.
func (a *App) batches() []jobs.Batch {
	s, u, r := a.upkeep, a.staging, a.reaper
	d := deletion.NewWorker(a.DB.Deletions(), a.Blobs, now, a.log)
	deletions := jobs.NewBatch("deletions", deletionsEvery, d.Find, d.Do)
	deletions.Queue = jobs.Deletions
	all := []jobs.Batch{
		deletions,
		jobs.NewBatch("uploads:staged", stagedEvery, u.FindStaged, u.Do),
		jobs.NewBatch("uploads:overdue", overdueEvery, u.FindOverdue, u.Do),
		jobs.NewBatch("objects:blobs", blobsEvery, r.Find, r.Drop),
	}
	for task, every := range secretIntervals {
		all = append(all, jobs.NewBatch("secrets:"+string(task), every,
			func(ctx context.Context, after secret.WorkItem) ([]secret.WorkItem, error) {
				return s.Find(ctx, task, after)
			},
			func(ctx context.Context, d secret.WorkItem) error { return s.Do(ctx, task, d) }))
	}

	return all
}
