// Package fair shares what a server has only so much of, such as points of operations and connections, among
// workspaces, and within each among its callers.
package fair

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// retryAfter is in seconds.
const retryAfter = 2

// Who takes a share. A caller in several workspaces has one name in all of them.
type Who struct{ Workspace, Caller string }

// Limits bound a Gate, in whatever unit is divided.
type Limits struct {
	// All is how much there is. Workspace and Caller are how much of it one workspace, and one caller in all
	// workspaces, may hold at once.
	All, Workspace, Caller int64
	// Wait is how long somebody waits for a turn.
	Wait time.Duration
	// Waiting is how many of one workspace wait at once, of one caller half as many; zero for any number.
	Waiting int
}

// Gate lets callers hold shares.
//
// Whoever comes while their shares are held waits. Workspaces take turns, so do the callers of each, and one caller's
// are served in order. A workspace at its limit never delays another one.
type Gate struct {
	// Waited is told how long each wait lasted, whether it ended in a share or not; nil for nobody. It is set before
	// the first use.
	Waited func(took time.Duration)

	limits Limits

	mu   sync.Mutex
	held int64
	// callers are what each holds in all workspaces.
	callers map[string]int64
	// lines are the workspaces that hold or wait, turns those of them in which somebody waits, the next one first.
	lines map[string]*line
	turns []*line
}

// line is a workspace; its turns are the callers who wait.
type line struct {
	name    string
	held    int64
	waiting int
	queues  map[string]*queue
	turns   []*queue
}

// queue is a caller in a workspace.
type queue struct {
	name    string
	held    int64
	waiting []*waiter
}

type waiter struct {
	share  int64
	served chan struct{}
}

// NewGate returns one.
func NewGate(l Limits) *Gate {
	return &Gate{limits: l, callers: map[string]int64{}, lines: map[string]*line{}}
}

// Take waits for a share. One that is larger than a caller may hold is taken for as much as that.
//
// Errors: fault.RateLimited, with retryAfterSeconds, when it took too long or too many wait; that of ctx.
func (g *Gate) Take(ctx context.Context, who Who, share int64) (*Share, error) {
	h := &Share{gate: g, who: who, share: min(share, g.limits.Caller)}
	w, taken, err := g.enter(who, h.share)
	switch {
	case err != nil:
		return nil, err
	case taken:
		return h, nil
	}

	if g.Waited != nil {
		defer func(from time.Time) { g.Waited(time.Since(from)) }(time.Now())
	}

	timer := time.NewTimer(g.limits.Wait)
	defer timer.Stop()
	select {
	case <-w.served:
		return h, nil
	case <-timer.C:
		err = g.refusal()
	case <-ctx.Done():
		err = ctx.Err()
	}

	if g.leave(who, w) {
		return nil, err
	}

	return h, nil
}

// enter takes a share at once, or returns who waits for it.
func (g *Gate) enter(who Who, share int64) (w *waiter, taken bool, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	l, q := g.at(who)
	if len(q.waiting) == 0 && g.fits(l, q, share) && !g.isDue() {
		g.give(l, q, share)
		return nil, true, nil
	}

	if most := g.limits.Waiting; most > 0 && (l.waiting >= most || len(q.waiting) >= (most+1)/2) {
		g.forget(l, q)
		return nil, false, g.refusal()
	}

	w = &waiter{share: share, served: make(chan struct{})}
	if len(q.waiting) == 0 {
		l.turns = append(l.turns, q)
	}

	if l.waiting == 0 {
		g.turns = append(g.turns, l)
	}

	q.waiting = append(q.waiting, w)
	l.waiting++
	return w, false, nil
}

// leave lets somebody wait no longer; it is false if they were served meanwhile.
func (g *Gate) leave(who Who, w *waiter) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	select {
	case <-w.served:
		return false
	default:
	}

	l, q := g.at(who)
	g.dequeue(l, q, slices.Index(q.waiting, w))
	g.forget(l, q)
	g.serve() // whoever came after may fit
	return true
}

func (g *Gate) giveBack(who Who, share int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	l, q := g.at(who)
	g.give(l, q, -share)
	g.forget(l, q)
	g.serve()
}

// serve gives shares to those who wait, in turn, until none fits. Whose turn it is, and whose limits allow it, is not
// overtaken.
func (g *Gate) serve() {
	for g.serveOne() {
	}
}

func (g *Gate) serveOne() bool {
	for i, l := range g.turns {
		for j, q := range l.turns {
			w := q.waiting[0]
			if !g.allowed(l, q, w.share) {
				continue
			}

			if !g.fits(l, q, w.share) {
				return false
			}

			g.turns = append(slices.Delete(g.turns, i, i+1), l)
			l.turns = append(slices.Delete(l.turns, j, j+1), q)
			g.dequeue(l, q, 0)
			g.give(l, q, w.share)
			close(w.served)
			return true
		}
	}

	return false
}

// isDue reports whether somebody waits for nothing but room: whoever comes now must not overtake them.
func (g *Gate) isDue() bool {
	for _, l := range g.turns {
		for _, q := range l.turns {
			if g.allowed(l, q, q.waiting[0].share) {
				return true
			}
		}
	}

	return false
}

func (g *Gate) dequeue(l *line, q *queue, i int) {
	q.waiting = slices.Delete(q.waiting, i, i+1)
	l.waiting--
	if len(q.waiting) == 0 {
		l.turns = without(l.turns, q)
	}

	if l.waiting == 0 {
		g.turns = without(g.turns, l)
	}
}

func without[T comparable](all []T, one T) []T {
	i := slices.Index(all, one)
	return slices.Delete(all, i, i+1)
}

func (g *Gate) fits(l *line, q *queue, share int64) bool {
	return g.allowed(l, q, share) && g.held+share <= g.limits.All
}

func (g *Gate) allowed(l *line, q *queue, share int64) bool {
	return l.held+share <= g.limits.Workspace && g.callers[q.name]+share <= g.limits.Caller
}

func (g *Gate) give(l *line, q *queue, share int64) {
	g.held += share
	l.held += share
	q.held += share
	if g.callers[q.name] += share; g.callers[q.name] == 0 {
		delete(g.callers, q.name)
	}
}

func (g *Gate) at(who Who) (*line, *queue) {
	l := g.lines[who.Workspace]
	if l == nil {
		l = &line{name: who.Workspace, queues: map[string]*queue{}}
		g.lines[who.Workspace] = l
	}

	q := l.queues[who.Caller]
	if q == nil {
		q = &queue{name: who.Caller}
		l.queues[who.Caller] = q
	}

	return l, q
}

// forget drops who neither holds nor waits.
func (g *Gate) forget(l *line, q *queue) {
	if q.held == 0 && len(q.waiting) == 0 {
		delete(l.queues, q.name)
	}

	if len(l.queues) == 0 {
		delete(g.lines, l.name)
	}
}

func (g *Gate) refusal() error {
	return fault.New(fault.RateLimited, "Too much is under way at once, of yours, your workspace's or the server's: "+
		"nothing of this was done. Try again in %d seconds.", retryAfter).
		With("retryAfterSeconds", retryAfter)
}
