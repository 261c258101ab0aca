package jobs_test

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/jobs"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// servers run the same jobs on one database, until the test has seen enough.
type servers struct {
	t    *testing.T
	url  string
	stop context.CancelFunc
	ctx  context.Context
	all  sync.WaitGroup
	errs []error
	mu   sync.Mutex
}

func newServers(t *testing.T) *servers {
	t.Helper()
	s := &servers{t: t, url: pgtest.New(t).AppURL}
	s.ctx, s.stop = context.WithTimeout(t.Context(), time.Minute)
	return s
}

func (s *servers) start(o jobs.Options) {
	pool := s.pool()
	o.Pool, o.Log = pool, slog.New(slog.DiscardHandler)
	s.all.Go(func() {
		err := jobs.Run(s.ctx, o)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.errs = append(s.errs, err)
	})
}

func (s *servers) pool() *sql.DB {
	s.t.Helper()
	pool, err := postgres.OpenQueue(s.url)
	testkit.Must(s.t, err)
	s.t.Cleanup(func() { testkit.Must(s.t, pool.Close()) })
	return pool
}

// end stops all servers and waits for them.
func (s *servers) end() {
	s.t.Helper()
	s.stop()
	s.all.Wait()
	testkit.Must(s.t, errors.Join(s.errs...))
}

// tally counts how often each item was done, and says when all that were asked for have been.
type tally struct {
	mu   sync.Mutex
	done map[string]int
	want int
	full chan struct{}
}

func newTally(want int) *tally {
	return &tally{done: map[string]int{}, want: want, full: make(chan struct{})}
}

func (c *tally) add(id string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done[id]++
	if len(c.done) == c.want && c.done[id] == 1 {
		close(c.full)
	}
	return c.done[id]
}

// item is work of a test.
type item struct {
	ID     string `json:"id"`
	Region string `json:"region"`
}

// items finds so many items, two at a time, the first time it is asked.
func items(ids ...string) func(context.Context, item) ([]item, error) {
	return func(_ context.Context, after item) (found []item, err error) {
		for _, id := range ids {
			if id > after.ID && len(found) < 2 {
				found = append(found, item{ID: id, Region: "eu"})
			}
		}
		return found, nil
	}
}

func TestRun_ThreeServers_DoEachPieceOnce(t *testing.T) {
	t.Parallel()
	s, done := newServers(t), newTally(5)
	batch := jobs.NewBatch(
		"count",
		time.Hour,
		items("a", "b", "c", "d", "e"),
		func(_ context.Context, p item) error {
			done.add(p.ID)
			return nil
		},
	)
	for range 3 {
		s.start(jobs.Options{Batches: []jobs.Batch{batch}})
	}
	wait(t, done.full)
	s.end()
	for id, n := range done.done {
		if n != 1 {
			t.Errorf("%s was done %d times", id, n)
		}
	}
}

func TestRun_AFailedPiece_IsKeptForLaterAndFoundOnlyOnce(t *testing.T) {
	t.Parallel()
	s, tried := newServers(t), newTally(1)
	s.start(jobs.Options{Batches: []jobs.Batch{jobs.NewBatch(
		"fail",
		100*time.Millisecond,
		items("a"),
		func(_ context.Context, p item) error {
			tried.add(p.ID)
			return errors.New("not now")
		},
	)}})
	wait(t, tried.full)
	super := s.pool()
	for s.count(super, `SELECT count(*) FROM river.river_job WHERE kind = 'find' AND state = 'completed'`) < 3 {
		time.Sleep(20 * time.Millisecond)
	}
	s.end()
	if n := s.count(super, `SELECT count(*) FROM river.river_job WHERE kind = 'do'`); n != 1 {
		t.Errorf("%d jobs for one item", n)
	}
	if n := s.count(super, `SELECT count(*) FROM river.river_job WHERE kind = 'do' AND state = 'retryable'
		AND scheduled_at > now() + interval '5 s'`); n != 1 {
		t.Error("it is not kept for later")
	}
	if tried.done["a"] != 1 {
		t.Errorf("it was tried %d times at once", tried.done["a"])
	}
}

func TestRun_Told_ToStop_WaitsForWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	s, begun := newServers(t), newTally(1)
	var ended bool
	s.start(jobs.Options{Batches: []jobs.Batch{jobs.NewBatch(
		"slow",
		time.Hour,
		items("a"),
		func(ctx context.Context, p item) error {
			begun.add(p.ID)
			<-s.ctx.Done() // until the server is told to stop
			time.Sleep(200 * time.Millisecond)
			ended = true
			return ctx.Err()
		},
	)}})
	wait(t, begun.full)
	s.end()
	if !ended {
		t.Error("it was not waited for")
	}
	if n := s.count(s.pool(),
		`SELECT count(*) FROM river.river_job WHERE kind = 'do' AND state = 'completed'`); n != 1 {
		t.Error("that it was done is not kept")
	}
}

func TestRun_APeriodicJob_IsRunByOneServer(t *testing.T) {
	t.Parallel()
	s, ran := newServers(t), newTally(1)
	periodic := jobs.PeriodicJob{
		Name:    "daily",
		Every:   time.Hour,
		Longest: time.Minute,
		Run:     func(context.Context) error { ran.add("daily"); return nil },
	}
	for range 2 {
		s.start(jobs.Options{PeriodicJobs: []jobs.PeriodicJob{periodic}})
	}
	wait(t, ran.full)
	s.end()
	if ran.done["daily"] != 1 {
		t.Errorf("it ran %d times", ran.done["daily"])
	}
}

func (s *servers) count(db *sql.DB, query string) (n int) {
	s.t.Helper()
	testkit.Must(s.t, db.QueryRowContext(s.t.Context(), query).Scan(&n))
	return n
}

func wait(t *testing.T, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(30 * time.Second):
		t.Fatal("nothing happened for 30 s")
	}
}
