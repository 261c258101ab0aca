package postgres

import (
	"slices"
	"sync"

	"github.com/provenanceone/data-api/internal/authz"
)

// idle are the connections that wait in the pool of database/sql, in the order in which they came.
//
// To bind a session to another workspace takes a message to the database, and the pool hands out whichever connection
// came last. So a connection that leaves exchanges its session for a waiting one that is bound to the wanted workspace.
// Where none is, it takes the session that has waited longest: one that was bound just now is left to the request that
// bound it.
type idle struct {
	mu    sync.Mutex
	conns []*conn
}

// enter notes that a connection waits from now on.
func (i *idle) enter(c *conn) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if !c.waits.Swap(true) {
		i.conns = append(i.conns, c)
	}
}

// leave gives a connection that waits no more the session that suits the workspace best. One that did not wait keeps
// its own.
func (i *idle) leave(c *conn, want authz.WorkspaceID) {
	if !c.waits.Load() {
		return
	}

	i.mu.Lock()
	defer i.mu.Unlock()
	best := 0
	for at, other := range slices.Backward(i.conns) {
		if other.bound == want {
			best = at
			break
		}
	}

	place := slices.Index(i.conns, c)
	other := i.conns[best]
	c.session, other.session = other.session, c.session
	i.conns[place] = other // which waits as long as the session that it has now
	i.conns = slices.Delete(i.conns, best, best+1)
	c.waits.Store(false)
}

// drop forgets a connection that is closed, and returns its session, which no other one can take then.
func (i *idle) drop(c *conn) *session {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.conns = slices.DeleteFunc(i.conns, func(other *conn) bool { return other == c })
	return c.session
}
