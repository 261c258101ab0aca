package httpserver

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
)

const (
	// jwtsAtOnce and keysAtOnce are how many credentials of an address are looked at at a time beyond the limit. A JWT
	// costs a check of its signature, an API key a question to the database.
	jwtsAtOnce = 2
	keysAtOnce = 1
	// maxWaiting is how many more may wait for that; the next is refused.
	maxWaiting = 256
)

// lane is where credentials of one kind, from one address, wait for each other.
type lane struct {
	network netip.Prefix
	keys    bool
}

func laneOf(address netip.Addr, h http.Header) lane {
	return lane{network(address), h.Get("Authorization") == ""}
}

// lanes are those in which somebody is.
type lanes struct {
	mu   sync.Mutex
	open map[lane]*queue
}

type queue struct {
	turns chan struct{}
	// inside is how many have a turn or wait for one.
	inside int
}

func newLanes() *lanes { return &lanes{open: map[lane]*queue{}} }

// enter waits for a turn, which lasts until leave is called; ok is false if there are too many, or ctx ends first.
func (l *lanes) enter(ctx context.Context, in lane) (leave func(), ok bool) {
	q := l.join(in)
	if q == nil {
		return nil, false
	}

	select {
	case q.turns <- struct{}{}:
		return func() { <-q.turns; l.leave(in, q) }, true
	case <-ctx.Done():
		l.leave(in, q)
		return nil, false
	}
}

func (l *lanes) join(in lane) *queue {
	l.mu.Lock()
	defer l.mu.Unlock()
	q := l.open[in]
	if q == nil {
		atOnce := jwtsAtOnce
		if in.keys {
			atOnce = keysAtOnce
		}

		q = &queue{turns: make(chan struct{}, atOnce)}
		l.open[in] = q
	}

	if q.inside >= maxWaiting+cap(q.turns) {
		return nil
	}

	q.inside++
	return q
}

func (l *lanes) leave(in lane, q *queue) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if q.inside--; q.inside == 0 {
		delete(l.open, in)
	}
}
