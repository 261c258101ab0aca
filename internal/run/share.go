package run

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/provenanceone/data-api/internal/authz"
)

// The bounds of what is prepared for redaction at once, in secrets. Each lease counts as leastShare or more: a
// workspace has four under way at most, and is behind in the queue of all with no more than that.
const (
	leastShare = MaxSecrets / 4
	ownShare   = MaxSecrets
	allShares  = 2 * MaxSecrets
)

// shareWait is how long somebody waits for a share at most.
const shareWait = 5 * time.Second

// shares bounds how many secrets are read and prepared at once: that takes memory and time. Who comes first is served
// first, of each workspace and then of all.
type shares struct {
	all  *semaphore.Weighted
	wait time.Duration
	mu   sync.Mutex
	own  map[authz.WorkspaceID]*ownerShare
}

type ownerShare struct {
	*semaphore.Weighted
	users int
}

func newShares() *shares {
	return &shares{all: semaphore.NewWeighted(allShares), wait: shareWait, own: map[authz.WorkspaceID]*ownerShare{}}
}

// take waits for a share for so many secrets, to be given back.
//
// Errors: fault.RateLimited if none is free in time; that of the context.
func (s *shares) take(ctx context.Context, w authz.WorkspaceID, secrets int) (giveBack func(), err error) {
	n := int64(min(max(secrets, leastShare), ownShare))
	waiting, cancel := context.WithTimeout(ctx, s.wait)
	defer cancel()
	own := s.enter(w)
	if own.Acquire(waiting, n) != nil {
		s.leave(w, own)
		return nil, s.refused(ctx)
	}
	if s.all.Acquire(waiting, n) != nil {
		own.Release(n)
		s.leave(w, own)
		return nil, s.refused(ctx)
	}
	return func() {
		s.all.Release(n)
		own.Release(n)
		s.leave(w, own)
	}, nil
}

func (s *shares) refused(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return Busy(s.wait)
}

func (s *shares) enter(w authz.WorkspaceID) *ownerShare {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := s.own[w]
	if own == nil {
		own = &ownerShare{Weighted: semaphore.NewWeighted(ownShare)}
		s.own[w] = own
	}
	own.users++
	return own
}

func (s *shares) leave(w authz.WorkspaceID, own *ownerShare) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(s.own, w)
	}
}
