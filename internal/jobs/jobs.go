// Package jobs runs periodic work on River's queue in Postgres.
//
// Any number of servers may run it. One of them leads: it searches for work at intervals. Each piece that a search
// finds becomes a job. One server takes a job, and tries it again, ever less often, while it fails. Another server
// takes over the jobs of one that died.
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
)

const (
	schema = "river"
	// pieceTimeout bounds one piece; each call of a store or vault in it has a bound of its own.
	pieceTimeout = time.Minute
	// takenOverAfter is how long a server may say nothing of a job before another takes it over.
	takenOverAfter = 2 * time.Minute
	// softStop is how long running jobs may go on once the server stops; after hardStop the server no longer waits for
	// them.
	softStop = 8 * time.Second
	hardStop = 10 * time.Second
	// keptFor is how long finished jobs stay in the table, for people to look at.
	keptFor = time.Hour
	// atOnce is how many pieces one server does at once.
	atOnce = 4
	// searchesAtOnce is how many searches for work one server makes at once.
	searchesAtOnce = 2
	// deletionsAtOnce is how many deletions one server works on at once.
	deletionsAtOnce = 2
)

// Chore is work that comes in pieces; Of makes one.
type Chore struct {
	Name  string
	Every time.Duration
	// Queue is where its pieces wait: empty for the queue of all chores, Deletions for their own.
	Queue string

	search func(ctx context.Context, enqueue func(pieces []any) error) error
	do     func(ctx context.Context, args []byte) error
}

// Of returns a chore whose pieces are of type D.
//
// A piece is the argument of its job, as JSON in a row that every server reads: it says where the work is, never what
// that holds. Servers of the version before read the same rows, so D's fields are called `workspace`, `region`, `id`
// and `version` there, and a field that they do not know has to be of no consequence to them.
//
// find returns pieces in an order of its own, those after a given one; the zero piece comes before all, and an empty
// answer is the end. One server at a time calls it, unless a call lasts ten seconds or its server dies.
//
// do may get a piece that is done, the same one again after a failure or a crash, and, after a long silence, the same
// one twice at once.
func Of[D any](
	name string, every time.Duration,
	find func(ctx context.Context, after D) ([]D, error), do func(ctx context.Context, piece D) error,
) Chore {
	return Chore{
		Name:  name,
		Every: every,
		search: func(ctx context.Context, enqueue func([]any) error) error {
			for after := *new(D); ; {
				found, err := find(ctx, after)
				if err != nil || len(found) == 0 {
					return err
				}

				pieces := make([]any, len(found))
				for i, d := range found {
					pieces[i] = d
				}

				if err := enqueue(pieces); err != nil {
					return err
				}

				after = found[len(found)-1]
			}
		},
		do: func(ctx context.Context, args []byte) error {
			var piece D
			if err := json.Unmarshal(args, &piece); err != nil {
				return fmt.Errorf("reading a piece of %s: %w", name, err)
			}

			return do(ctx, piece)
		},
	}
}

// Errand is work that one server at a time does as a whole.
type Errand struct {
	Name  string
	Every time.Duration
	// Longest bounds one run.
	Longest time.Duration
	Run     func(ctx context.Context) error
}

// Options list the work, and where it queues.
type Options struct {
	// Pool connects as the role of the application.
	Pool    *sql.DB
	Chores  []Chore
	Errands []Errand
	Log     *slog.Logger
}

// Run does chores and errands until ctx ends. Jobs that run at that moment have eight seconds to end by themselves.
//
// Errors: what kept it from starting; context.DeadlineExceeded, wrapped, if a job would not end.
func Run(ctx context.Context, o Options) error {
	client, err := river.NewClient(riverdatabasesql.New(o.Pool), o.config())
	if err != nil {
		return fmt.Errorf("setting up jobs: %w", err)
	}

	outliving := context.WithoutCancel(ctx)
	if err := client.Start(outliving); err != nil {
		return fmt.Errorf("starting jobs: %w", err)
	}

	o.Log.InfoContext(ctx, "jobs are done here", "chores", len(o.Chores), "errands", len(o.Errands))
	<-ctx.Done()
	limited, cancel := context.WithTimeout(outliving, hardStop)
	defer cancel()
	if err := client.Stop(limited); err != nil {
		return fmt.Errorf("stopping jobs: %w", err)
	}

	return nil
}

func (o Options) config() *river.Config {
	workers := river.NewWorkers()
	river.AddWorker(workers, &finder{chores: o.Chores})
	river.AddWorker(workers, &doer{chores: o.Chores})
	river.AddWorker(workers, &runner{errands: o.Errands})
	return &river.Config{
		Schema:       schema,
		PollOnly:     true,
		Logger:       slog.New(quiet{o.Log.Handler()}),
		Workers:      workers,
		PeriodicJobs: o.periodic(),
		Queues: map[string]river.QueueConfig{
			river.QueueDefault: {MaxWorkers: atOnce},
			searches:           {MaxWorkers: searchesAtOnce},
			errands:            {MaxWorkers: 1},
			Deletions:          {MaxWorkers: deletionsAtOnce},
		},
		JobTimeout:                  pieceTimeout,
		RescueStuckJobsAfter:        takenOverAfter,
		SoftStopTimeout:             softStop,
		CompletedJobRetentionPeriod: keptFor,
		CancelledJobRetentionPeriod: keptFor,
		RetryPolicy:                 backoff{},
		ErrorHandler:                reporter{o.Log},
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
	for _, c := range o.Chores {
		add(c.Every, find{Chore: c.Name})
	}

	for _, e := range o.Errands {
		add(e.Every, run{Errand: e.Name})
	}

	return all
}
