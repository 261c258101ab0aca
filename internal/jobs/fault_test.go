package jobs_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/jobs"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
)

func TestRun_ConnectionsLost_GoesOn(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	s := &servers{t: t, url: database.AppURL}
	s.ctx, s.stop = context.WithTimeout(t.Context(), time.Minute)
	super, err := postgres.OpenQueue(database.SuperURL)
	testkit.Must(t, err)
	t.Cleanup(func() { testkit.Must(t, super.Close()) })
	searched := make(chan struct{}, 1000)
	s.start(jobs.Options{Batches: []jobs.Batch{jobs.NewBatch(
		"look",
		100*time.Millisecond,
		func(context.Context, item) ([]item, error) {
			searched <- struct{}{}
			return nil, nil
		},
		nil,
	)}})
	wait(t, searched)
	_, err = super.ExecContext(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	testkit.Must(t, err)
	for len(searched) > 0 {
		<-searched
	}
	for range 3 {
		wait(t, searched)
	}
	s.end()
}

func TestRun_APieceThatPanics_IsAFailureThatTellsNothing(t *testing.T) {
	t.Parallel()
	s, tried := newServers(t), newTally(1)
	s.start(jobs.Options{Batches: []jobs.Batch{jobs.NewBatch(
		"panic",
		time.Hour,
		items("a"),
		func(_ context.Context, p item) error {
			tried.add(p.ID)
			panic("hunter2")
		},
	)}})
	wait(t, tried.full)
	db := s.pool()
	for s.count(db, `SELECT count(*) FROM river.river_job WHERE kind = 'do' AND state = 'retryable'`) == 0 {
		time.Sleep(20 * time.Millisecond)
	}
	s.end()
	if n := s.count(db, `SELECT count(*) FROM river.river_job WHERE errors::text LIKE '%hunter2%'`); n != 0 {
		t.Error("what was panicked with is kept")
	}
}

// TestRun_AServerDied_AnotherTakesOver begins with what a killed server leaves: a job that says it is running.
func TestRun_AServerDied_AnotherTakesOver(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	s := &servers{t: t, url: database.AppURL}
	s.ctx, s.stop = context.WithTimeout(t.Context(), 3*time.Minute)
	_, err := s.pool().ExecContext(t.Context(), `INSERT INTO river.river_job (state, attempt, attempted_at,
		attempted_by, kind, args)
		VALUES ('running', 1, now() - interval '6 minutes', '{dead}', 'do',
		'{"chore": "resume", "workspace": "", "region": "eu", "id": "a", "version": 0}')`)
	testkit.Must(t, err)
	done := newTally(1)
	s.start(jobs.Options{Batches: []jobs.Batch{jobs.NewBatch(
		"resume",
		time.Hour,
		items(),
		func(_ context.Context, p item) error {
			done.add(p.ID)
			return nil
		},
	)}})
	select {
	case <-done.full:
	case <-s.ctx.Done():
		t.Fatal("nobody took it over")
	}
	s.end()
}

// TestRun_ASearchDoesNotEnd_TheNextIsMade is what a server leaves that dies while it searches: a search that says it
// is running.
func TestRun_ASearchDoesNotEnd_TheNextIsMade(t *testing.T) {
	t.Parallel()
	s, searched := newServers(t), make(chan struct{}, 1000)
	var searches atomic.Int32
	s.start(jobs.Options{Batches: []jobs.Batch{jobs.NewBatch(
		"look",
		100*time.Millisecond,
		func(context.Context, item) ([]item, error) {
			if searches.Add(1) == 1 {
				<-s.ctx.Done()
				return nil, nil
			}
			searched <- struct{}{}
			return nil, nil
		},
		nil,
	)}})
	wait(t, searched)
	s.end()
}

// TestRun_WorkersAreBusy_SearchesGoOn fills every worker with items that do not end before others are found.
func TestRun_WorkersAreBusy_SearchesGoOn(t *testing.T) {
	t.Parallel()
	s, begun, searched := newServers(t), newTally(4), make(chan struct{}, 1000)
	s.start(jobs.Options{Batches: []jobs.Batch{
		jobs.NewBatch(
			"slow",
			time.Hour,
			items("a", "b", "c", "d"),
			func(_ context.Context, p item) error {
				begun.add(p.ID)
				<-s.ctx.Done()
				return nil
			},
		),
		jobs.NewBatch(
			"look",
			100*time.Millisecond,
			func(context.Context, item) ([]item, error) {
				searched <- struct{}{}
				return nil, nil
			},
			nil,
		),
	}})
	wait(t, begun.full)
	for len(searched) > 0 {
		<-searched
	}
	wait(t, searched)
	s.end()
}
