package document

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
	open map[authz.Who]int
}

func newCrowd(most int) *crowd { return &crowd{most: most, open: map[authz.Who]int{}} }

// principal is who is counted. A person is the same in each of their workspaces, which call them by another id.
func principal(a authz.Actor) authz.Who {
	if a.Kind == authz.User && a.Subject != "" {
		return authz.Who{Kind: a.Kind, PrincipalID: a.Issuer, Label: a.Subject}
	}
	return authz.Who{Kind: a.Kind, PrincipalID: a.PrincipalID}
}

// enter counts one more socket, until leave is called. Errors: fault.RateLimited if that is one too many.
func (c *crowd) enter(a authz.Actor) (leave func(), err error) {
	who := principal(a)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[who] >= c.most {
		return nil, fault.New(fault.RateLimited, "You have %d sockets open on this server, which is the most: close one first.", c.most)
	}
	c.open[who]++
	return func() { c.leave(who) }, nil
}

func (c *crowd) leave(who authz.Who) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open[who]--; c.open[who] == 0 {
		delete(c.open, who)
	}
}
