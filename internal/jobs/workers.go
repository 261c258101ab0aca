package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// errands and deletions are queues of what takes long, so that it keeps nothing else waiting. searches are what finds
// work: no work keeps them waiting.
const (
	errands   = "errands"
	deletions = "deletions"
	searches  = "searches"
)

// searchPeriod is how long a search that does not end, or whose server died, keeps the next one from being queued.
const searchPeriod = 10 * time.Second

// once lets a job be put into the queue only while the same one is not in it.
var once = river.UniqueOpts{
	ByArgs: true,
	ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable,
		rivertype.JobStateScheduled,
	},
}

// find asks what pieces of a chore there are.
type find struct {
	Chore string `json:"chore"`
}

// Kind implements river.JobArgs.
func (find) Kind() string { return "find" }

// InsertOpts implements river.JobArgsWithInsertOpts. A search that failed is not repeated: the next one comes soon.
func (find) InsertOpts() river.InsertOpts {
	oncePerPeriod := once
	oncePerPeriod.ByPeriod = searchPeriod
	return river.InsertOpts{UniqueOpts: oncePerPeriod, MaxAttempts: 1, Queue: searches}
}

// do is a piece of a chore.
type do struct {
	Chore string `json:"chore"`
	Piece
}

// Kind implements river.JobArgs.
func (do) Kind() string { return "do" }

// InsertOpts implements river.JobArgsWithInsertOpts. A piece that has failed to the end is found again, and begins
// anew.
func (do) InsertOpts() river.InsertOpts { return river.InsertOpts{UniqueOpts: once} }

// run is an errand.
type run struct {
	Errand string `json:"errand"`
}

// Kind implements river.JobArgs.
func (run) Kind() string { return "run" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (run) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: once, MaxAttempts: 1, Queue: errands}
}

type finder struct {
	river.WorkerDefaults[find]
	chores []Chore
}

// Work implements river.Worker.
func (f *finder) Work(ctx context.Context, job *river.Job[find]) error {
	chore, err := named(f.chores, job.Args.Chore)
	if err != nil {
		return err
	}

	client := river.ClientFromContext[*sql.Tx](ctx)
	for after := (Piece{}); ; {
		pieces, err := chore.Find(ctx, after)
		if err != nil || len(pieces) == 0 {
			return err
		}

		all := make([]river.InsertManyParams, len(pieces))
		for i, p := range pieces {
			all[i] = river.InsertManyParams{
				Args:       do{Chore: chore.Name, Piece: p},
				InsertOpts: &river.InsertOpts{Queue: chore.Queue},
			}
		}

		if _, err := client.InsertManyFast(ctx, all); err != nil {
			return fmt.Errorf("queueing %s: %w", chore.Name, err)
		}

		after = pieces[len(pieces)-1]
	}
}

type doer struct {
	river.WorkerDefaults[do]
	chores []Chore
}

// Work implements river.Worker.
func (d *doer) Work(ctx context.Context, job *river.Job[do]) error {
	chore, err := named(d.chores, job.Args.Chore)
	if err != nil {
		return err
	}

	return contained(func() error { return chore.Do(ctx, job.Args.Piece) })
}

func named(chores []Chore, name string) (Chore, error) {
	for _, c := range chores {
		if c.Name == name {
			return c, nil
		}
	}

	return Chore{}, fmt.Errorf("this server knows no chore %q: a newer one does", name)
}

type runner struct {
	river.WorkerDefaults[run]
	errands []Errand
}

// Timeout implements river.Worker.
func (r *runner) Timeout(job *river.Job[run]) time.Duration {
	for _, e := range r.errands {
		if e.Name == job.Args.Errand {
			return e.Longest
		}
	}

	return 0
}

// Work implements river.Worker.
func (r *runner) Work(ctx context.Context, job *river.Job[run]) error {
	for _, e := range r.errands {
		if e.Name == job.Args.Errand {
			return contained(func() error { return e.Run(ctx) })
		}
	}

	return fmt.Errorf("this server knows no errand %q: a newer one does", job.Args.Errand)
}
