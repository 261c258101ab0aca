package transport

import (
	"sync"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// DefaultSockets is how many sockets a principal may have open on a server.
const DefaultSockets = 100

// crowd counts the open sockets of each principal: a person, in whatever workspace, or an API key.
type crowd struct {
	most int
	mu   sync.Mutex
	open map[string]int
}

func newCrowd(most int) *crowd { return &crowd{most: most, open: map[string]int{}} }

// enter counts one more socket, until leave is called. Errors: fault.RateLimited if that is one too many.
func (c *crowd) enter(a authz.Actor) (leave func(), err error) {
	_, who := a.Sharer()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[who] >= c.most {
		return nil, fault.New(fault.RateLimited, "You have %d sockets open on this server, which is the most: close "+
			"one first.", c.most)
	}

	c.open[who]++
	return func() { c.leave(who) }, nil
}

func (c *crowd) leave(who string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[who]--; c.open[who] == 0 {
		delete(c.open, who)
	}
}
