package httpserver

import (
	"context"
	"net/http"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fair"
)

// bodies bounds how much of what was sent is in memory at once, in bytes. What comes slowly counts from its beginning.
type bodies struct {
	gate *fair.Gate
	// most is the length of a body.
	most int64
}

// newBodies has room for 128 of the longest bodies, 64 of a workspace's and 32 of a caller's.
func newBodies(most int64) *bodies {
	return &bodies{
		gate: fair.NewGate(fair.Limits{
			All:       128 * most,
			Workspace: 64 * most,
			Caller:    32 * most,
			Wait:      8 * time.Second,
		}),
		most: most,
	}
}

// hold makes room for the body of a request until it is answered. Errors: fault.RateLimited.
func (b *bodies) hold(ctx context.Context, r *http.Request, a authz.Actor) error {
	length := min(r.ContentLength, b.most)
	if length < 0 { // it is not said
		length = b.most
	}

	if length == 0 {
		return nil
	}

	workspace, caller := a.Sharer()
	held, err := b.gate.Take(ctx, fair.Who{Workspace: workspace, Caller: caller}, length)
	if err == nil {
		held.Keep(ctx)
	}

	return err
}
