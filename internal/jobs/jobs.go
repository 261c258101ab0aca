// Package jobs runs periodic work on River's queue in Postgres.
//
// There are two kinds. A Batch is searched at intervals: each item that the search finds becomes a job of its own. A
// PeriodicJob is one job at each interval. Any number of servers may run this package: River elects a leader, which
// starts what is due. One server takes a job, and tries an item again, ever less often, while it fails. Another server
// takes over the jobs of one that died.
//
// The names and arguments of jobs are in rows that servers of two versions read; they call a batch a chore and a
// periodic job an errand.
package jobs

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"

	"github.com/provenanceone/data-api/internal/trace"
)

const (
	schema = "river"
	// itemTimeout bounds one item; each call of a store or vault in it has a bound of its own.
	itemTimeout = time.Minute
	// takeoverAfter is how long a server may show no progress of a job before another takes it over.
	takeoverAfter = 2 * time.Minute
	// softStop is how long running jobs may continue once the server stops; after hardStop the server no longer waits
	// for them.
	softStop = 8 * time.Second
	hardStop = 10 * time.Second
	// startAgain is how long to wait before trying once more to start.
	startAgain = time.Second
	// retention is how long finished jobs stay in the table, for people to look at.
	retention = time.Hour
	// atOnce is how many items one server does at once.
	atOnce = 4
	// searchesAtOnce is how many searches for work one server makes at once.
	searchesAtOnce = 2
	// deletionsAtOnce is how many deletions one server works on at once.
	deletionsAtOnce = 2
)

// Batch is periodic work that consists of items. At each interval one server searches for items, and each item becomes
// a job. NewBatch makes one.
type Batch struct {
	Name  string
	Every time.Duration
	// Queue is the one that its items wait in: River's default if it is empty, or Deletions.
	Queue string

	search func(ctx context.Context, enqueue func(items []any) error) error
	do     func(ctx context.Context, args []byte) error
}

// NewBatch returns a batch whose items are of type D.
//
// An item is the argument of its job, as JSON in a row that every server reads: it says where the work is, never what
// that holds. Servers of the version before read the same rows, so D's fields are called `workspace`, `region`, `id`
// and `version` there, and a field that they do not know has to be of no consequence to them.
//
// find returns items in an order of its own, those after a given one; the zero item comes before all, and an empty
// answer is the end. One server at a time calls it, unless a call lasts ten seconds or its server dies.
//
// do may get a item that is done, the same one again after a failure or a crash, and, after a long silence, the same
// one twice at once.
func NewBatch[D any](
	name string, every time.Duration,
	find func(ctx context.Context, after D) ([]D, error), do func(ctx context.Context, item D) error,
) Batch {
	return Batch{
		Name:  name,
		Every: every,
		search: func(ctx context.Context, enqueue func([]any) error) error {
			for after := *new(D); ; {
				found, err := find(ctx, after)
				if err != nil || len(found) == 0 {
					return err
				}

				items := make([]any, len(found))
				for i, d := range found {
					items[i] = d
				}

				if err := enqueue(items); err != nil {
					return err
				}

				after = found[len(found)-1]
			}
		},
		do: func(ctx context.Context, args []byte) error {
			var item D
			if err := json.Unmarshal(args, &item); err != nil {
				return fmt.Errorf("reading an item of %s: %w", name, err)
			}

			return do(ctx, item)
		},
	}
}

// PeriodicJob is work that one server at a time does as a whole.
type PeriodicJob struct {
	Name  string
	Every time.Duration
	// Longest bounds one run.
	Longest time.Duration
	Run     func(ctx context.Context) error
}

// Options list the work, and where it queues.
type Options struct {
	// Pool connects as the role of the application.
	Pool         *sql.DB
	Batches      []Batch
	PeriodicJobs []PeriodicJob
	Log          *slog.Logger
	// Observe is told of each job that has ended: its kind, which is `search`, `item` or `periodic`, the name of its
	// batch or its own, how long it took, and its error. nil for nobody.
	Observe func(kind, name string, took time.Duration, err error)
	// Tracer begins a trace for each job; nil is none.
	Tracer *trace.Tracer
}

// Run does batches and periodic jobs until ctx ends. Jobs that run at that moment have eight seconds to end by
// themselves. It starts once the database can be reached, however long that takes.
//
// Errors: those of starting that waiting does not mend; context.DeadlineExceeded, wrapped, if a job would not end.
func Run(ctx context.Context, o Options) error {
	client, err := o.start(ctx)
	switch {
	case ctx.Err() != nil && client == nil:
		return nil
	case err != nil:
		return err
	}

	o.Log.InfoContext(ctx, "jobs are done here", "batches", len(o.Batches), "periodicJobs", len(o.PeriodicJobs))
	<-ctx.Done()
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), hardStop)
	defer cancel()
	if err := client.Stop(limited); err != nil {
		return fmt.Errorf("stopping jobs: %w", err)
	}

	return nil
}

// start tries until the jobs have started: a database that goes away just then must not end the server.
//
// Errors: options that make no sense; a queue that the database's role cannot use; ctx.Err once ctx has ended.
func (o Options) start(ctx context.Context) (*river.Client[*sql.Tx], error) {
	for {
		client, err := river.NewClient(riverdatabasesql.New(o.Pool), o.config())
		if err != nil {
			return nil, fmt.Errorf("setting up jobs: %w", err)
		}

		if err = o.Pool.PingContext(ctx); err == nil {
			err = client.Start(context.WithoutCancel(ctx))
		}

		switch {
		case err == nil:
			return client, nil
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case isForGood(err):
			return nil, fmt.Errorf("starting jobs: %w", err)
		}

		o.Log.Log(ctx, levelOf(err), "jobs have not started yet", "error", err)
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(startAgain):
		}
	}
}

// observe does a job of this server's, and tells of it.
func (o Options) observe(ctx context.Context, kind, name string, job func(context.Context) error) error {
	from := time.Now()
	ctx, span, _ := o.Tracer.Begin(ctx, kind)
	defer span.End()
	span.Set("data_api.job.kind", kind)
	span.Set("data_api.job.name", name)
	err := job(ctx)
	if err != nil {
		span.Fail("failed")
	}

	if o.Observe != nil {
		o.Observe(kind, name, time.Since(from), err)
	}

	return err
}

func (o Options) config() *river.Config {
	workers := river.NewWorkers()
	river.AddWorker(workers, &searchWorker{batches: o.Batches, observe: o.observe})
	river.AddWorker(workers, &itemWorker{batches: o.Batches, observe: o.observe})
	river.AddWorker(workers, &periodicWorker{jobs: o.PeriodicJobs, observe: o.observe})
	return &river.Config{
		Schema:       schema,
		PollOnly:     true,
		Logger:       slog.New(warnings{o.Log.Handler()}),
		Workers:      workers,
		PeriodicJobs: o.periodic(),
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: atOnce},
			searchQueue:        {MaxWorkers: searchesAtOnce},
			periodicQueue:      {MaxWorkers: 1},
			Deletions:          {MaxWorkers: deletionsAtOnce},
		},
		JobTimeout:                  itemTimeout,
		RescueStuckJobsAfter:        takeoverAfter,
		SoftStopTimeout:             softStop,
		CompletedJobRetentionPeriod: retention,
		CancelledJobRetentionPeriod: retention,
		RetryPolicy:                 backoff{},
		ErrorHandler:                errorLogger{o.Log},
		ReindexerSchedule:           river.NeverSchedule(), // it takes the owner of the tables, which this role is not
	}
}

func (o Options) periodic() []*river.PeriodicJob {
	var all []*river.PeriodicJob
	add := func(every time.Duration, args river.JobArgs) {
		all = append(all, river.NewPeriodicJob(river.PeriodicInterval(every),
			func() (river.JobArgs, *river.InsertOpts) { return args, nil },
			&river.PeriodicJobOpts{RunOnStart: true}))
	}
	for _, b := range o.Batches {
		add(b.Every, searchArgs{Batch: b.Name})
	}

	for _, j := range o.PeriodicJobs {
		add(j.Every, periodicArgs{Job: j.Name})
	}

	return all
}
