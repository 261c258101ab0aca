// Package jobs does what must happen without anybody asking, on River's queue in Postgres.
//
// Any number of servers may run it. One of them leads: it asks at intervals what there is to do. Each piece of that
// becomes a job, which one server takes, and which is tried again, ever less often, while it fails. What a server that
// died had taken is taken by another one.
package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"

	"github.com/provenanceone/data-api/internal/authz"
)

const (
	schema = "river"
	// pieceTimeout bounds one piece; each call of a store or vault in it has a bound of its own.
	pieceTimeout = time.Minute
	// takenOverAfter is when a job is taken from a server that says nothing of it any more.
	takenOverAfter = 2 * time.Minute
	// softStop is how long what is under way may go on once the server is told to stop; hardStop is when nobody waits
	// for it any more.
	softStop = 8 * time.Second
	hardStop = 10 * time.Second
	// keptFor is how long jobs that are over stay to be looked at.
	keptFor = time.Hour
	// atOnce is how many pieces one server does at once.
	atOnce = 4
	// searchesAtOnce is how many searches for work one server makes at once.
	searchesAtOnce = 2
	// deletionsAtOnce is how many deletions one server works on at once.
	deletionsAtOnce = 2
)

// Piece is one thing to do. It says where it is, never what it holds: jobs are rows that every server reads.
type Piece struct {
	Workspace authz.WorkspaceID `json:"workspace"`
	Region    string            `json:"region"`
	ID        string            `json:"id"`
	Version   int32             `json:"version"`
}

// Chore is work that comes in pieces.
type Chore struct {
	Name  string
	Every time.Duration
	// Queue is where its pieces wait: empty for the one of all chores, deletions for their own.
	Queue string
	// Find returns pieces of work, in an order of its own, that come after one; the zero one comes before all. None is
	// the end. It is called by one server at a time, unless a call lasts ten seconds or its server dies.
	Find func(ctx context.Context, after Piece) ([]Piece, error)
	// Do does a piece. It may be called for one that is done, again after a failure or a crash, and, after a long
	// silence, twice at once.
	Do func(ctx context.Context, p Piece) error
}

// Errand is work that is done as a whole, by one server at a time.
type Errand struct {
	Name  string
	Every time.Duration
	// Longest bounds one run.
	Longest time.Duration
	Run     func(ctx context.Context) error
}

// Options say what there is to do.
type Options struct {
	// Pool connects as the role of the application.
	Pool    *sql.DB
	Chores  []Chore
	Errands []Errand
	Log     *slog.Logger
}

// Run does chores and errands until ctx ends. What is under way then may end by itself for eight seconds.
//
// Errors: what kept it from starting; context.DeadlineExceeded, wrapped, if something would not end.
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
			deletions:          {MaxWorkers: deletionsAtOnce},
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
