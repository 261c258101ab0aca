package dataloader

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

type thing struct{ ID ident.Of[thing] }

type id = ident.Of[thing]

// shelf finds some things and remembers how it was asked.
type shelf struct {
	mu    sync.Mutex
	calls [][]id
	actor authz.Actor
	has   func(id) bool
	err   error
}

func (s *shelf) find(_ context.Context, a authz.Actor, ids []id) ([]thing, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls, s.actor = append(s.calls, slices.Clone(ids)), a
	if s.err != nil {
		return nil, s.err
	}
	var found []thing
	for _, id := range slices.Backward(ids) { // in any order
		if s.has == nil || s.has(id) {
			found = append(found, thing{id})
		}
	}
	return found, nil
}

var alice = authz.Actor{Who: authz.Who{Kind: authz.User, PrincipalID: "alice"}, Workspace: "w"}

func (s *shelf) loader() *Loader[thing] {
	return newLoader(alice, s.find, func(t thing) id { return t.ID })
}

// loadAll loads n ids at the same time and returns what each got.
func loadAll(t *testing.T, l *Loader[thing], ids []id) ([]*thing, []error) {
	found, errs := make([]*thing, len(ids)), make([]error, len(ids))
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() { found[i], errs[i] = l.Load(t.Context(), id) })
	}
	all.Wait()
	return found, errs
}

func hundred() []id {
	ids := make([]id, 100)
	for i := range ids {
		ids[i] = ident.New[thing]()
	}
	return ids
}

func TestLoad_OfAHundredAtOnce_IsOneCallThatEachGetsItsOwnOf(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, ids := &shelf{}, hundred()
		found, errs := loadAll(t, s.loader(), ids)
		for i, got := range found {
			if errs[i] != nil || got == nil || got.ID != ids[i] {
				t.Fatalf("%s is %v, %v", ids[i], got, errs[i])
			}
		}
		if len(s.calls) != 1 || len(s.calls[0]) != 100 || s.actor.PrincipalID != "alice" {
			t.Errorf("%d calls, by %v", len(s.calls), s.actor)
		}
	})
}

func TestLoad_OfWhatIsMissing_IsNil(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := hundred()
		s := &shelf{has: func(i id) bool { return slices.Index(ids, i)%2 == 0 }}
		found, errs := loadAll(t, s.loader(), ids)
		for i, got := range found {
			if errs[i] != nil || (got != nil) != (i%2 == 0) {
				t.Fatalf("%d is %v, %v", i, got, errs[i])
			}
		}
	})
}

func TestLoad_WhenTheFinderFails_TellsAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{err: fault.New(fault.Unavailable, "It is down.")}
		for _, ids := range [][]id{hundred(), hundred()[:1]} {
			found, errs := loadAll(t, s.loader(), ids)
			for i, err := range errs {
				if !errors.Is(err, s.err) || found[i] != nil {
					t.Fatalf("%d is %v, %v", i, found[i], err)
				}
			}
		}
	})
}

func TestLoad_OfOneIDByMany_GivesItToAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, one := &shelf{}, ident.New[thing]()
		found, errs := loadAll(t, s.loader(), []id{one, one, one})
		for i, got := range found {
			if errs[i] != nil || got == nil || got.ID != one {
				t.Fatalf("%d is %v, %v", i, got, errs[i])
			}
		}
		if len(s.calls) != 1 {
			t.Errorf("%d calls", len(s.calls))
		}
	})
}

func TestLoad_Again_ReadsAnew(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, one := &shelf{}, ident.New[thing]()
		l := s.loader()
		for range 3 {
			if _, err := l.Load(t.Context(), one); err != nil {
				t.Fatal(err)
			}
		}
		if len(s.calls) != 3 {
			t.Errorf("%d calls", len(s.calls))
		}
	})
}

func TestFrom_AContextWithoutLoaders_IsNil(t *testing.T) {
	t.Parallel()
	l := New(alice, nil, nil)
	if From(t.Context()) != nil || From(With(t.Context(), l)) != l {
		t.Error("the context carries others")
	}
}
