package fair_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/provenanceone/data-api/internal/fair"
	"github.com/provenanceone/data-api/internal/fault"
)

var ten = fair.Limits{All: 10, Workspace: 6, Caller: 4, Wait: 2 * time.Second}

func who(workspace, caller string) fair.Who { return fair.Who{Workspace: workspace, Caller: caller} }

func take(t *testing.T, g *fair.Gate, by fair.Who, share int64) *fair.Share {
	t.Helper()
	h, err := g.Take(t.Context(), by, share)
	if err != nil {
		t.Fatalf("%v: %v", by, err)
	}
	return h
}

func refused(t *testing.T, g *fair.Gate, by fair.Who, share int64) {
	t.Helper()
	_, err := g.Take(t.Context(), by, share)
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.RateLimited || f.Details["retryAfterSeconds"] != 2 {
		t.Errorf("%v got %v, want RATE_LIMITED with retryAfterSeconds", by, err)
	}
}

func TestTake_BeyondALimit_IsRefusedAfterTheWaitAndLeavesOthersTheirs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := fair.NewGate(ten)
		take(t, g, who("acme", "one"), 4)
		refused(t, g, who("acme", "one"), 1)
		take(t, g, who("acme", "two"), 2)
		refused(t, g, who("acme", "two"), 1)
		take(t, g, who("globex", "three"), 4)
		refused(t, g, who("initech", "four"), 1)
	})
}

func TestTake_ByOneCallerInSeveralWorkspaces_IsTheCallersAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := fair.NewGate(ten)
		take(t, g, who("acme", "one"), 2)
		take(t, g, who("globex", "one"), 2)
		refused(t, g, who("initech", "one"), 1)
		take(t, g, who("initech", "two"), 4)
	})
}

func TestTake_MoreThanACallerMayHold_IsThatMuch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := fair.NewGate(ten)
		h := take(t, g, who("acme", "one"), 100)
		refused(t, g, who("acme", "one"), 1)
		h.Release()
		h.Release()
		take(t, g, who("acme", "one"), 4)
		refused(t, g, who("acme", "one"), 1)
	})
}

func TestTake_TooManyWait_IsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		few := ten
		few.Waiting = 1
		g := fair.NewGate(few)
		take(t, g, who("acme", "one"), 4)
		go func() { _, _ = g.Take(t.Context(), who("acme", "one"), 1) }()
		synctest.Wait()
		before := time.Now()
		refused(t, g, who("acme", "one"), 1)
		if waited := time.Since(before); waited != 0 {
			t.Errorf("it waited for %v", waited)
		}
		take(t, g, who("globex", "three"), 4)
	})
}

func TestTake_Waiting_WorkspacesAndCallersTakeTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := fair.NewGate(fair.Limits{All: 1, Workspace: 1, Caller: 1, Wait: time.Hour})
		first := take(t, g, who("acme", "one"), 1)
		var all sync.WaitGroup
		var order []string
		for _, by := range []fair.Who{
			who("acme", "one"), who("acme", "one"), who("acme", "two"), who("globex", "three"), who("globex", "three"),
		} {
			all.Go(func() {
				h, err := g.Take(t.Context(), by, 1)
				if err != nil {
					t.Error(err)
					return
				}
				order = append(order, by.Caller)
				h.Release()
			})
			synctest.Wait()
		}
		first.Release()
		all.Wait()
		if want := []string{"one", "three", "two", "three", "one"}; !slices.Equal(order, want) {
			t.Errorf("served were %v, want %v", order, want)
		}
	})
}

func TestTake_LargeShareWhoseTurnItIs_IsNotOvertaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := fair.NewGate(ten)
		small := []*fair.Share{
			take(t, g, who("acme", "one"), 4), take(t, g, who("globex", "three"), 4), take(t, g,
				who("initech", "four"), 2),
		}
		var mu sync.Mutex
		var served []string
		for _, w := range []struct {
			name  string
			share int64
		}{{"large", 4}, {"small", 2}} {
			go func() {
				_, err := g.Take(t.Context(), who(w.name, w.name), w.share)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					served = append(served, w.name)
				}
			}()
			synctest.Wait()
		}
		small[2].Release()
		synctest.Wait()
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := g.Take(gone, who("newcomer", "newcomer"), 1); err == nil {
			t.Error("a newcomer overtook")
		}
		if len(served) > 0 {
			t.Errorf("%v overtook", served)
		}
		small[0].Release()
		synctest.Wait()
		if len(served) != 2 {
			t.Errorf("served were %v", served)
		}
	})
}

func TestTake_CallerGone_WaitsNoMoreAndTakesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := fair.NewGate(ten)
		held := take(t, g, who("acme", "one"), 4)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := g.Take(ctx, who("acme", "one"), 1); !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
		held.Release()
		take(t, g, who("acme", "one"), 4)
	})
}

func TestHeld_Resized_LeavesTheRestToOthers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := fair.NewGate(ten)
		h := take(t, g, who("acme", "one"), 4)
		h.Resize(1)
		take(t, g, who("acme", "one"), 3)
		refused(t, g, who("acme", "one"), 1)
		h.Resize(3)
		h.Release()
		h.Resize(4)
		take(t, g, who("acme", "one"), 1)
	})
}

func TestKeep_UntilTheInnermostScopeEnds_OrTheContextWithoutOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := fair.NewGate(ten)
		outer, end := fair.Scope(t.Context())
		take(t, g, who("acme", "one"), 4).Keep(outer)
		refused(t, g, who("acme", "one"), 1)
		end()
		ctx, cancel := context.WithCancel(t.Context())
		take(t, g, who("acme", "one"), 4).Keep(ctx)
		cancel()
		synctest.Wait()
		take(t, g, who("acme", "one"), 4)
	})
}

// TestTake_ByManyAtOnce_NeverExceedsALimitAndServesAll has callers come and go at random, some of whom give up.
func TestTake_ByManyAtOnce_NeverExceedsALimitAndServesAll(t *testing.T) {
	t.Parallel()
	limits := ten
	limits.Wait = time.Minute
	g := fair.NewGate(limits)
	var mu sync.Mutex
	held := map[fair.Who]int64{}
	count := func(by fair.Who, share int64) {
		mu.Lock()
		defer mu.Unlock()
		held[by] += share
		sum, callers := map[string]int64{}, map[string]int64{}
		var all int64
		for w, n := range held {
			sum[w.Workspace] += n
			all += n
			if callers[w.Caller] += n; callers[w.Caller] > limits.Caller || sum[w.Workspace] > limits.Workspace ||
				all > limits.All {
				t.Errorf("%v are held", held)
			}
		}
	}
	var all sync.WaitGroup
	for i := range 60 {
		all.Go(func() {
			by := who(fmt.Sprint(i%5), fmt.Sprint(i%3))
			for n := range 50 {
				ctx, cancel := context.WithCancel(t.Context())
				if n%7 == 0 {
					cancel()
				}
				h, err := g.Take(ctx, by, int64(1+n%4))
				if err == nil {
					count(by, int64(1+n%4))
					count(by, -int64(1+n%4))
					h.Release()
				} else if n%7 != 0 {
					t.Error(err)
				}
				cancel()
			}
		})
	}
	all.Wait()
	take(t, g, who("0", "0"), 4)
	take(t, g, who("1", "1"), 4)
	take(t, g, who("2", "2"), 2)
}
