package ratelimit_test

import (
	"errors"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ratelimit"
)

// clock stands still until it is set.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func newLimiter(perMinute int) (*ratelimit.Limiter, *clock) {
	c := &clock{at: time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)}
	return ratelimit.New(perMinute, c.now), c
}

func mustSpend(t *testing.T, l *ratelimit.Limiter, caller string, points, left int) {
	t.Helper()
	b, err := l.Spend(caller, points)
	if err != nil || b.Left != left {
		t.Errorf("%s spends %d: %+v, %v; want %d left", caller, points, b, err, left)
	}
}

// mustWait returns how many seconds a caller is told to wait who spends too much.
func mustWait(t *testing.T, l *ratelimit.Limiter, caller string, points int) int {
	t.Helper()
	_, err := l.Spend(caller, points)
	var refused *fault.Error
	if !errors.As(err, &refused) || refused.Kind != fault.RateLimited {
		t.Fatalf("%s spends %d: %v", caller, points, err)
	}
	seconds, _ := refused.Details["retryAfterSeconds"].(int)
	return seconds
}

func TestSpend_AMinutesPointsAndOneMore_IsRefusedAndTakesNothing(t *testing.T) {
	t.Parallel()
	l, _ := newLimiter(600)
	mustSpend(t, l, "one", 590, 10)
	mustWait(t, l, "one", 11)
	mustSpend(t, l, "one", 10, 0)
	mustWait(t, l, "one", 1)
	mustSpend(t, l, "two", 600, 0)
}

func TestSpend_AfterTheTimeThatWasSaid_IsServedAndNotBefore(t *testing.T) {
	t.Parallel()
	l, at := newLimiter(600)
	mustSpend(t, l, "one", 600, 0)
	seconds := mustWait(t, l, "one", 25)
	if seconds != 3 { // ten come back in a second
		t.Errorf("25 points in %d seconds", seconds)
	}
	at.at = at.at.Add(2 * time.Second)
	if again := mustWait(t, l, "one", 25); again != 1 {
		t.Errorf("2 seconds later in %d", again)
	}
	at.at = at.at.Add(time.Second)
	mustSpend(t, l, "one", 25, 5)
	at.at = at.at.Add(time.Hour)
	mustSpend(t, l, "one", 0, 600)
}

func TestSpend_ManyAtOnce_NeverPassesTheLimit(t *testing.T) {
	t.Parallel()
	l, _ := newLimiter(100)
	var all sync.WaitGroup
	served := make(chan struct{}, 500)
	for range 500 {
		all.Go(func() {
			if _, err := l.Spend("one", 1); err == nil {
				served <- struct{}{}
			}
		})
	}
	all.Wait()
	if len(served) != 100 {
		t.Errorf("%d of 100 points were spent", len(served))
	}
}

func TestSpend_MoreCallersThanAreRemembered_ForgetsTheLeastRecentlySeen(t *testing.T) {
	t.Parallel()
	l, _ := newLimiter(10)
	mustSpend(t, l, "first", 10, 0)
	mustSpend(t, l, "second", 10, 0)
	for i := range 9_999 {
		mustWait(t, l, "second", 1)
		mustSpend(t, l, strconv.Itoa(i), 1, 9)
	}
	mustWait(t, l, "second", 1)
	mustSpend(t, l, "first", 1, 9)
}

func TestNew_WithoutPoints_BoundsNobodyAndSaysNothing(t *testing.T) {
	t.Parallel()
	l := ratelimit.New(0, time.Now)
	for range 3 {
		mustSpend(t, l, "one", 1_000_000, 0)
	}
	h := http.Header{}
	l.Balance("one").SetHeaders(h)
	if len(h) != 0 {
		t.Errorf("got %v", h)
	}
}

func TestSetHeaders_SaysWhatThereIsAndWhenAllOfItIs(t *testing.T) {
	t.Parallel()
	l, _ := newLimiter(600)
	mustSpend(t, l, "one", 125, 475)
	h := http.Header{}
	l.Balance("one").SetHeaders(h)
	if h.Get("RateLimit-Policy") != `"principal";q=600;w=60` || h.Get("RateLimit") != `"principal";r=475;t=13` {
		t.Errorf("got %v", h)
	}
}

func TestGiveBack_OfWhatWasNotDone_IsThereAgainAndNoMore(t *testing.T) {
	t.Parallel()
	l, c := newLimiter(600)
	mustSpend(t, l, "one", 500, 100)
	l.GiveBack("one", 499)
	mustSpend(t, l, "one", 0, 599)
	l.GiveBack("one", 499)
	c.at = c.at.Add(time.Second)
	mustSpend(t, l, "one", 0, 600)
}
