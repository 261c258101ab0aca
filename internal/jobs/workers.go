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

// Deletions is the queue of deletions, which are long and many: in a queue of their own they delay no other item.
const Deletions = "deletions"

// periodicQueue is the queue of periodic jobs, which are long. searchQueue is the queue of searches for items: no other
// job delays them.
const (
	periodicQueue = "errands"
	searchQueue   = "searches"
)

// searchPeriod is how long a search that does not end, or whose server died, blocks the next one.
const searchPeriod = 10 * time.Second

// uniqueJob keeps a job out of the queue while the same one is in it.
var uniqueJob = river.UniqueOpts{
	ByArgs: true,
	ByState: []rivertype.JobState{
		rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRunning, rivertype.JobStateRetryable,
		rivertype.JobStateScheduled,
	},
}

// searchArgs are those of a search for the items of a batch.
type searchArgs struct {
	Batch string `json:"chore"`
}

// Kind implements river.JobArgs.
func (searchArgs) Kind() string { return "find" }

// InsertOpts implements river.JobArgsWithInsertOpts. Nothing retries a failed search: the next one comes soon.
func (searchArgs) InsertOpts() river.InsertOpts {
	oncePerPeriod := uniqueJob
	oncePerPeriod.ByPeriod = searchPeriod
	return river.InsertOpts{UniqueOpts: oncePerPeriod, MaxAttempts: 1, Queue: searchQueue}
}

// itemArgs are those of the job of one item.
type itemArgs struct {
	Batch string `json:"chore"`
	item  any
}

// MarshalJSON implements json.Marshaler: it adds the batch's name to the fields of the item.
//
// Each item has a version, 0 if its type has none: the previous version had one type for all items. River compares
// arguments to tell jobs apart, and servers of both versions must see the same item as the same job.
func (d itemArgs) MarshalJSON() ([]byte, error) {
	item, err := json.Marshal(d.item)
	if err != nil {
		return nil, fmt.Errorf("encoding an item of %s: %w", d.Batch, err)
	}

	args := map[string]any{"version": 0}
	if err := json.Unmarshal(item, &args); err != nil {
		return nil, fmt.Errorf("an item of %s is no JSON object: %w", d.Batch, err)
	}

	args["chore"] = d.Batch
	return json.Marshal(args)
}

// Kind implements river.JobArgs.
func (itemArgs) Kind() string { return "do" }

// InsertOpts implements river.JobArgsWithInsertOpts. Once an item has used up its attempts, a search finds it again.
func (itemArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{UniqueOpts: uniqueJob} }

// periodicArgs are those of a periodic job.
type periodicArgs struct {
	Job string `json:"errand"`
}

// Kind implements river.JobArgs.
func (periodicArgs) Kind() string { return "run" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (periodicArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{UniqueOpts: uniqueJob, MaxAttempts: 1, Queue: periodicQueue}
}

// observing does a job of a kind and name, and tells of it.
type observing func(ctx context.Context, kind, name string, job func(context.Context) error) error

type searchWorker struct {
	river.WorkerDefaults[searchArgs]
	batches []Batch
	observe observing
}

// Work implements river.Worker.
func (w *searchWorker) Work(ctx context.Context, job *river.Job[searchArgs]) error {
	batch, err := findBatch(w.batches, job.Args.Batch)
	if err != nil {
		return err
	}

	return w.observe(ctx, "search", batch.Name, func(ctx context.Context) error { return search(ctx, batch) })
}

// search makes a job of each item that it finds.
func search(ctx context.Context, batch Batch) error {
	client := river.ClientFromContext[*sql.Tx](ctx)
	return batch.search(ctx, func(items []any) error {
		all := make([]river.InsertManyParams, len(items))
		for i, p := range items {
			all[i] = river.InsertManyParams{
				Args:       itemArgs{Batch: batch.Name, item: p},
				InsertOpts: &river.InsertOpts{Queue: batch.Queue},
			}
		}

		if _, err := client.InsertManyFast(ctx, all); err != nil {
			return fmt.Errorf("queueing %s: %w", batch.Name, err)
		}

		return nil
	})
}

type itemWorker struct {
	river.WorkerDefaults[itemArgs]
	batches []Batch
	observe observing
}

// Work implements river.Worker.
func (w *itemWorker) Work(ctx context.Context, job *river.Job[itemArgs]) error {
	batch, err := findBatch(w.batches, job.Args.Batch)
	if err != nil {
		return err
	}

	return w.observe(ctx, "item", batch.Name, func(ctx context.Context) error {
		return recoverPanic(func() error { return batch.do(ctx, job.EncodedArgs) })
	})
}

func findBatch(batches []Batch, name string) (Batch, error) {
	for _, b := range batches {
		if b.Name == name {
			return b, nil
		}
	}

	return Batch{}, fmt.Errorf("this server knows no batch %q: a newer one does", name)
}

type periodicWorker struct {
	river.WorkerDefaults[periodicArgs]
	jobs    []PeriodicJob
	observe observing
}

// Timeout implements river.Worker.
func (w *periodicWorker) Timeout(job *river.Job[periodicArgs]) time.Duration {
	for _, j := range w.jobs {
		if j.Name == job.Args.Job {
			return j.Longest
		}
	}

	return 0
}

// Work implements river.Worker.
func (w *periodicWorker) Work(ctx context.Context, job *river.Job[periodicArgs]) error {
	for _, j := range w.jobs {
		if j.Name == job.Args.Job {
			return w.observe(ctx, "periodic", j.Name, func(ctx context.Context) error {
				return recoverPanic(func() error { return j.Run(ctx) })
			})
		}
	}

	return fmt.Errorf("this server knows no periodic job %q: a newer one does", job.Args.Job)
}
