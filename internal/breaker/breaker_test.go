package breaker

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// service is one that answers as it is told to, after a while, and counts.
type service struct {
	*Breaker
	log    bytes.Buffer
	failed bool
	err    error
	takes  time.Duration
	calls  int
}

func newService() *service {
	s := &service{Breaker: New("Cloud"), takes: 300 * time.Millisecond}
	s.LogOutages(slog.New(slog.NewTextHandler(&s.log, nil)))
	return s
}

func (s *service) ask(ctx context.Context) error {
	return s.Do(ctx, func() (bool, error) {
		s.calls++
		time.Sleep(s.takes)
		return s.failed, s.err
	})
}

func (s *service) askTimes(n int) (last error) {
	for range n {
		last = s.ask(context.Background())
	}
	return last
}

var errDown = errors.New("connection refused")

func TestBreaker_ServiceAway_IsAskedOnceAPauseUntilItIsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.failed, s.err = true, errDown
		if err := s.askTimes(4); errors.Is(err, fault.ErrOutage) || !errors.Is(err, errDown) || s.log.Len() > 0 {
			t.Errorf("four failures are no outage: got %v; %s", err, &s.log)
		}
		if err := s.ask(t.Context()); !errors.Is(err, fault.ErrOutage) || !errors.Is(err, errDown) {
			t.Errorf("the fifth begins it: got %v", err)
		}
		began := time.Now()
		if err := s.askTimes(100); !errors.Is(err, fault.ErrOutage) || errors.Is(err, errDown) || s.calls != 5 {
			t.Errorf("got %v after %d calls", err, s.calls)
		}
		if time.Since(began) != 0 {
			t.Errorf("what is not asked takes %s", time.Since(began))
		}
		for n := range 3 {
			time.Sleep(pause + time.Millisecond)
			if err := s.askTimes(10); !errors.Is(err, fault.ErrOutage) || s.calls != 6+n {
				t.Errorf("after a pause the service is asked %d times: %v", s.calls-5-n, err)
			}
		}
		s.failed, s.err = false, nil
		time.Sleep(pause + time.Millisecond)
		if err := s.askTimes(10); err != nil || s.calls != 18 {
			t.Errorf("a service that is back: %v after %d calls", err, s.calls)
		}
		if away, back := strings.Count(s.log.String(), "Cloud is away"), strings.Count(s.log.String(), "Cloud is back"); away != 1 || back != 1 {
			t.Errorf("the log says %s", &s.log)
		}
	})
}

func TestBreaker_OneBreakOfAllCalls_IsNoOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.failed, s.err, s.takes = true, errDown, 0
		_ = s.askTimes(50)
		s.failed, s.err = false, nil
		if err := s.ask(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestBreaker_WhatIsNoFailure_NeverOpensIt(t *testing.T) {
	t.Parallel()
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for name, c := range map[string]struct {
		ctx    context.Context
		failed bool
	}{
		"what the service refuses": {t.Context(), false},
		"a caller who gave up":     {gone, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newService()
			s.failed, s.err = c.failed, errDown
			for range 50 {
				if err := s.ask(c.ctx); errors.Is(err, fault.ErrOutage) {
					t.Fatalf("%s: got %v", name, err)
				}
			}
		})
	}
}

// TestBreaker_CallersWhoComeLate_ShowNothing have less time left than a service needs to answer.
func TestBreaker_CallersWhoComeLate_ShowNothing(t *testing.T) {
	t.Parallel()
	for left, isOutage := range map[time.Duration]bool{200 * time.Millisecond: false, 400 * time.Millisecond: true} {
		synctest.Test(t, func(t *testing.T) {
			s := newService()
			s.failed, s.err, s.takes = true, context.DeadlineExceeded, left+time.Millisecond
			var err error
			for range 10 {
				ctx, cancel := context.WithTimeout(t.Context(), left)
				err = s.ask(ctx)
				cancel()
			}
			if errors.Is(err, fault.ErrOutage) != isOutage {
				t.Errorf("with %s left: got %v", left, err)
			}
		})
	}
}

// TestBreaker_ProbeWhoseCallerLeaves_LeavesRoomForTheNext holds that an outage does not last because nobody waited.
func TestBreaker_ProbeWhoseCallerLeaves_LeavesRoomForTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.failed, s.err = true, errDown
		_ = s.askTimes(5)
		time.Sleep(pause + time.Millisecond)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		cancel()
		if err := s.ask(ctx); !errors.Is(err, errDown) {
			t.Errorf("got %v", err)
		}
		s.failed, s.err = false, nil
		if err := s.ask(t.Context()); err != nil {
			t.Errorf("the next caller gets %v", err)
		}
	})
}

func TestTryAgain_SaysWhen(t *testing.T) {
	t.Parallel()
	base := fault.New(fault.Unavailable, "Nothing was read.")
	if f := TryAgain(base, errDown); f != base {
		t.Errorf("a failure says %q", f.Say)
	}
	f := TryAgain(base, awayError{"Cloud"})
	if f.Say != "Nothing was read. Try again in 2 seconds." || f.Details["retryAfterSeconds"] != 2 {
		t.Errorf("got %q, %v", f.Say, f.Details)
	}
}
