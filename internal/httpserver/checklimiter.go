package httpserver

import (
	"context"
	"net/http"
	"net/netip"
	"sync"
)

const (
	// jwtsAtOnce and keysAtOnce are how many credentials of an address the server checks at a time beyond the limit. A
	// JWT costs a check of its signature, an API key a query of the database.
	jwtsAtOnce = 2
	keysAtOnce = 1
	// maxWaiting is how many more may wait; the next is refused.
	maxWaiting = 256
)

// checkKey names a queue: credentials of one kind from one network wait for each other.
type checkKey struct {
	network netip.Prefix
	apiKey  bool
}

func checkKeyOf(address netip.Addr, h http.Header) checkKey {
	return checkKey{network(address), h.Get("Authorization") == ""}
}

// checkLimiter bounds how many credentials of one kind and network are checked at the same time.
type checkLimiter struct {
	mu     sync.Mutex
	queues map[checkKey]*checkQueue
}

type checkQueue struct {
	slots chan struct{}
	// users is how many hold a slot or wait for one.
	users int
}

func newCheckLimiter() *checkLimiter { return &checkLimiter{queues: map[checkKey]*checkQueue{}} }

// acquire waits for a slot, which the caller holds until it calls release; ok is false if too many wait, or ctx ends
// first.
func (l *checkLimiter) acquire(ctx context.Context, in checkKey) (release func(), ok bool) {
	q := l.join(in)
	if q == nil {
		return nil, false
	}

	select {
	case q.slots <- struct{}{}:
		return func() { <-q.slots; l.leave(in, q) }, true
	case <-ctx.Done():
		l.leave(in, q)
		return nil, false
	}
}

func (l *checkLimiter) join(in checkKey) *checkQueue {
	l.mu.Lock()
	defer l.mu.Unlock()
	q := l.queues[in]
	if q == nil {
		atOnce := jwtsAtOnce
		if in.apiKey {
			atOnce = keysAtOnce
		}

		q = &checkQueue{slots: make(chan struct{}, atOnce)}
		l.queues[in] = q
	}

	if q.users >= maxWaiting+cap(q.slots) {
		return nil
	}

	q.users++
	return q
}

func (l *checkLimiter) leave(in checkKey, q *checkQueue) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if q.users--; q.users == 0 {
		delete(l.queues, in)
	}
}
