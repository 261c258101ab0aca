package rest

import (
	"sync"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// maxStreams is how many objects a server sends to one caller at once: each holds two chunks of memory and a connection
// to storage.
const maxStreams = 32

// busy counts the objects that are being sent, by caller.
type busy struct {
	mu sync.Mutex
	by map[string]int
}

// begin makes room for one more, until end is called. Errors: fault.RateLimited.
func (b *busy) begin(a authz.Actor) (end func(), err error) {
	who := string(a.Kind) + " " + a.PrincipalID
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.by[who] >= maxStreams {
		return nil, fault.New(fault.RateLimited, "At most %d objects are sent to you at once: wait until one has "+
			"arrived.", maxStreams).With("retryAfterSeconds", 1)
	}

	if b.by == nil {
		b.by = map[string]int{}
	}

	b.by[who]++
	return func() { b.end(who) }, nil
}

func (b *busy) end(who string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.by[who]--; b.by[who] == 0 {
		delete(b.by, who)
	}
}
