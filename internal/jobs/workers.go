package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// Deletions is the queue of deletions: they are long and many, and keep no other piece waiting.
const Deletions = "deletions"

// errands is the queue of what one server does as a whole, which is long. searches is the queue of searches for work:
// no work keeps them waiting.
const (
	errands  = "errands"
	searches = "searches"
)

// searchPeriod is how long a search that does not end, or whose server died, blocks the next one.
const searchPeriod = 10 * time.Second

// once keeps a job out of the queue while the same one is in it.
var once = river.UniqueOpts{
	ByArgs: true,
	ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable,
		rivertype.JobStateScheduled,
	},
}

// find is a search for the pieces of a chore.
type find struct {
	Chore string `json:"chore"`
}

// Kind implements river.JobArgs.
func (find) Kind() string { return "find" }

// InsertOpts implements river.JobArgsWithInsertOpts. Nothing retries a failed search: the next one comes soon.
func (find) InsertOpts() river.InsertOpts {
	oncePerPeriod := once
	oncePerPeriod.ByPeriod = searchPeriod
	return river.InsertOpts{UniqueOpts: oncePerPeriod, MaxAttempts: 1, Queue: searches}
}

// do is a piece of a chore.
type do struct {
	Chore string `json:"chore"`
	piece any
}

// MarshalJSON implements json.Marshaler: it adds the chore's name to the fields of the piece.
//
// Each piece has a version, 0 if its type has none: in the version before, one type did for all pieces. River compares
// arguments to tell jobs apart, and servers of both versions must see the same piece as the same job.
func (d do) MarshalJSON() ([]byte, error) {
	piece, err := json.Marshal(d.piece)
	if err != nil {
		return nil, fmt.Errorf("encoding a piece of %s: %w", d.Chore, err)
	}

	args := map[string]any{"version": 0}
	if err := json.Unmarshal(piece, &args); err != nil {
		return nil, fmt.Errorf("a piece of %s is no JSON object: %w", d.Chore, err)
	}

	args["chore"] = d.Chore
	return json.Marshal(args)
}

// Kind implements river.JobArgs.
func (do) Kind() string { return "do" }

// InsertOpts implements river.JobArgsWithInsertOpts. A search finds a piece again that has used up its attempts.
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
	return chore.search(ctx, func(pieces []any) error {
		all := make([]river.InsertManyParams, len(pieces))
		for i, p := range pieces {
			all[i] = river.InsertManyParams{
				Args:       do{Chore: chore.Name, piece: p},
				InsertOpts: &river.InsertOpts{Queue: chore.Queue},
			}
		}

		if _, err := client.InsertManyFast(ctx, all); err != nil {
			return fmt.Errorf("queueing %s: %w", chore.Name, err)
		}

		return nil
	})
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

	return contained(func() error { return chore.do(ctx, job.EncodedArgs) })
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
