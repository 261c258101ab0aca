package upload

import (
	"context"
	"fmt"
	"sync"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
)

// mostRounds is how many rounds a server remembers.
const mostRounds = 1000

// rounds say which open uploads were looked at last, by where they are: the next look goes on after them, so that none
// is hidden by others to which nothing was sent. A server that forgets one begins anew.
type rounds struct {
	mu   sync.Mutex
	last map[string]ID
}

func (r *rounds) at(where string) ID {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last[where]
}

// note keeps the last one that was looked at; the round is over where all were.
func (r *rounds) note(where string, open []Upload) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case len(open) < maxStats:
		delete(r.last, where)
		return
	case r.last == nil || len(r.last) >= mostRounds:
		r.last = map[string]ID{}
	}

	r.last[where] = open[len(open)-1].ID
}

// SettlePrefix implements object.Settler: some of the open uploads below a prefix, within a second, and with each that
// has landed all of its key, for those take effect in the order in which they landed.
func (s *Service) SettlePrefix(ctx context.Context, a authz.Actor, in []datastore.ID, prefix string) error {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	where := fmt.Sprint(a.Workspace, in, prefix)
	open, err := s.store.ListOpen(ctx, a.Workspace, OpenFilter{
		In:     in,
		Prefix: prefix,
		After:  s.rounds.at(where),
	}, maxStats)
	if err != nil || len(open) == 0 {
		return err
	}

	s.rounds.note(where, open) // first, so that those for which storage is slow do not hide the next ones
	landed, err := s.landed(ctx, a, open)
	if err != nil {
		return err
	}

	for i, u := range open {
		if landed[i] == nil {
			_, err = s.finish(ctx, a, u, nil)
		} else {
			err = s.SettleKey(ctx, a, []datastore.ID{u.DatastoreID}, u.Key)
		}

		if err != nil {
			return err
		}
	}

	return nil
}
