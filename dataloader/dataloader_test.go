package dataloader_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/provenanceone/data-api/dataloader"
	"github.com/provenanceone/data-api/internal/fault"
)

// hundred are siblings called "0" to "99".
func hundred() []dataloader.Row[string] {
	all := make([]string, 100)
	for i := range all {
		all[i] = fmt.Sprint(i)
	}
	return dataloader.Rows(all)
}

// shout finds a row's own text in upper case, so to speak, and counts how often it is asked.
func shout(asked *atomic.Int32, err error) func(context.Context, []string) ([]string, error) {
	return func(_ context.Context, all []string) ([]string, error) {
		asked.Add(1)
		if err != nil {
			return nil, err
		}
		found := make([]string, len(all))
		for i, self := range all {
			found[i] = self + "!"
		}
		return found, nil
	}
}

func TestEach_OfAHundredAtOnce_IsOneCallThatEachGetsItsOwnOf(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	var all sync.WaitGroup
	for _, row := range hundred() {
		all.Go(func() {
			if got, err := dataloader.Each(t.Context(), row, "shout", shout(&asked, nil)); err != nil ||
				got != row.Self+"!" {
				t.Errorf("%s is %q, %v", row.Self, got, err)
			}
		})
	}
	all.Wait()
	if asked.Load() != 1 {
		t.Errorf("%d calls", asked.Load())
	}
}

func TestEach_OfOtherArguments_IsAnotherCall(t *testing.T) {
	t.Parallel()
	type call struct {
		field string
		first int
	}
	var asked atomic.Int32
	for _, row := range hundred() {
		for _, first := range []int{1, 2, 1} {
			if _, err := dataloader.Each(t.Context(), row, call{"shout", first}, shout(&asked, nil)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if asked.Load() != 2 {
		t.Errorf("%d calls", asked.Load())
	}
}

func TestEach_WhenTheFinderFails_TellsAll(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	down := fault.New(fault.Unavailable, "It is down.")
	for _, row := range hundred() {
		if got, err := dataloader.Each(t.Context(), row, "shout", shout(&asked, down)); !errors.Is(err,
			down) || got != "" {
			t.Fatalf("%s is %q, %v", row.Self, got, err)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("%d calls", asked.Load())
	}
}

func TestEach_WhenTheFinderPanics_TellsThoseWhoWait(t *testing.T) {
	t.Parallel()
	rows := hundred()
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		_, _ = dataloader.Each(t.Context(), rows[0], "shout",
			func(context.Context, []string) ([]string, error) { panic("here") })
	}()
	var asked atomic.Int32
	if _, err := dataloader.Each(t.Context(), rows[1], "shout", shout(&asked, nil)); err == nil || asked.Load() != 0 {
		t.Errorf("the next one got %v after %d calls", err, asked.Load())
	}
}

func TestEach_WhenTimeIsUp_WaitsForNobody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rows, release := hundred(), make(chan struct{})
		var all sync.WaitGroup
		all.Go(func() {
			_, _ = dataloader.Each(t.Context(), rows[0], "slow", func(context.Context, []string) ([]string, error) {
				<-release
				return make([]string, 100), nil
			})
		})
		synctest.Wait()
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := dataloader.Each(ended, rows[1], "slow", shout(new(atomic.Int32), nil)); !errors.Is(err,
			context.Canceled) {
			t.Errorf("got %v", err)
		}
		close(release)
		all.Wait()
	})
}
