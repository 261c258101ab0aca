package jobs_test

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/jobs"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/testkit"
)

// journal is a log that a test waits for lines of.
type journal struct {
	mu    sync.Mutex
	text  bytes.Buffer
	grown chan struct{}
}

func newJournal() *journal { return &journal{grown: make(chan struct{}, 1)} }

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	select {
	case j.grown <- struct{}{}:
	default:
	}
	return j.text.Write(p)
}

// lines are those of a level.
func (j *journal) lines(level string) (found []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for line := range strings.Lines(j.text.String()) {
		if strings.Contains(line, " level="+level+" ") {
			found = append(found, line)
		}
	}
	return found
}

func (j *journal) wait(ctx context.Context, t *testing.T, level string, n int) {
	t.Helper()
	for len(j.lines(level)) < n {
		select {
		case <-j.grown:
		case <-ctx.Done():
			t.Fatalf("of %d lines at %s there are:\n%s", n, level, strings.Join(j.lines(level), ""))
		}
	}
}

// database is one that a test can take away.
type database struct {
	*pgtest.Database
	t         *testing.T
	elsewhere *sql.DB
}

func newDatabase(t *testing.T) database {
	t.Helper()
	d := database{Database: pgtest.New(t), t: t}
	super, err := url.Parse(d.SuperURL)
	testkit.Must(t, err)
	super.Path = "/postgres"
	d.elsewhere, err = postgres.OpenQueue(super.String())
	testkit.Must(t, err)
	t.Cleanup(func() { testkit.Must(t, d.elsewhere.Close()) })
	return d
}

func (d database) cut() {
	d.operate(`ALTER DATABASE ` + d.Name + ` ALLOW_CONNECTIONS false`)
	d.operate(`SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE datname = '` + d.Name + `'`)
}

func (d database) mend() { d.operate(`ALTER DATABASE ` + d.Name + ` ALLOW_CONNECTIONS true`) }

func (d database) operate(statement string) {
	d.t.Helper()
	_, err := d.elsewhere.ExecContext(d.t.Context(), statement)
	testkit.Must(d.t, err)
}

// run starts jobs that search all the time, and returns a channel that tells of each search, and a function that ends
// them.
func (d database) run(ctx context.Context, log *slog.Logger) (searched chan struct{}, end func()) {
	d.t.Helper()
	db, err := postgres.Open(d.AppURL)
	testkit.Must(d.t, err)
	db.LogOutages(log)
	pool := db.OpenQueue()
	ctx, stop := context.WithCancel(ctx)
	searched, ended := make(chan struct{}, 1000), make(chan error, 1)
	go func() {
		ended <- jobs.Run(ctx, jobs.Options{Pool: pool, Log: log, Batches: []jobs.Batch{jobs.NewBatch(
			"look",
			100*time.Millisecond,
			func(ctx context.Context, _ item) ([]item, error) {
				searched <- struct{}{}
				return nil, db.Ping(ctx)
			},
			nil,
		)}})
	}()
	return searched, func() {
		stop()
		testkit.Must(d.t, <-ended)
		testkit.Must(d.t, pool.Close())
		testkit.Must(d.t, db.Close())
	}
}

func (j *journal) wantOneOutage(t *testing.T) {
	t.Helper()
	warned := append(j.lines("WARN"), j.lines("ERROR")...)
	if len(warned) != 1 || !strings.Contains(warned[0], `msg="the database is away"`) {
		t.Errorf("it warns:\n%s", strings.Join(warned, ""))
	}
	back := 0
	for _, line := range j.lines("INFO") {
		if strings.Contains(line, `msg="the database is back"`) {
			back++
		}
	}
	if back != 1 {
		t.Errorf("it is back %d times:\n%s", back, strings.Join(j.lines("INFO"), ""))
	}
}

func TestRun_DatabaseAwayForAWhile_IsALineWhenItBeginsAndALineWhenItEnds(t *testing.T) {
	t.Parallel()
	d, log := newDatabase(t), newJournal()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	searched, end := d.run(ctx, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	wait(t, searched)
	d.cut()
	log.wait(ctx, t, "WARN", 1)
	log.wait(ctx, t, "DEBUG", 5) // River has gone on complaining
	d.mend()
	for len(searched) > 0 {
		<-searched
	}
	for range 3 {
		wait(t, searched)
	}
	end()
	log.wantOneOutage(t)
}

func TestRun_DatabaseAwayAtTheStart_StartsOnceItIsBack(t *testing.T) {
	t.Parallel()
	d, log := newDatabase(t), newJournal()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	d.cut()
	searched, end := d.run(ctx, slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	log.wait(ctx, t, "DEBUG", 2) // it has tried more than once
	d.mend()
	wait(t, searched)
	end()
	log.wantOneOutage(t)
}

func TestRun_DatabaseAwayAtTheStartAndStopped_Ends(t *testing.T) {
	t.Parallel()
	d, log := newDatabase(t), newJournal()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	d.cut()
	_, end := d.run(ctx, slog.New(slog.NewTextHandler(log, nil)))
	log.wait(ctx, t, "WARN", 1)
	end()
}

func TestRun_QueueThatTheRoleCannotUse_EndsWithTheError(t *testing.T) {
	t.Parallel()
	d := newDatabase(t)
	owner, err := sql.Open("postgres", d.OwnerURL)
	testkit.Must(t, err)
	_, err = owner.ExecContext(t.Context(), `REVOKE ALL ON ALL TABLES IN SCHEMA river FROM data_api_app`)
	testkit.Must(t, err)
	testkit.Must(t, owner.Close())
	pool, err := postgres.OpenQueue(d.AppURL)
	testkit.Must(t, err)
	err = jobs.Run(t.Context(), jobs.Options{Pool: pool, Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("got %v", err)
	}
	testkit.Must(t, pool.Close())
}
