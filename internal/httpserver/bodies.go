package httpserver

import (
	"context"
	"net/http"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fair"
)

// bodyMemory bounds how many bytes of request bodies are in memory at once. A body counts from its first byte, however
// slowly it arrives.
type bodyMemory struct {
	gate *fair.Gate
	// most is the length of the longest body.
	most int64
}

// newBodyMemory has room for 128 of the longest bodies, 64 of a workspace and 32 of a caller.
func newBodyMemory(most int64) *bodyMemory {
	return &bodyMemory{
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
func (b *bodyMemory) hold(ctx context.Context, r *http.Request, a authz.Actor) error {
	length := min(r.ContentLength, b.most)
	if length < 0 { // unknown
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
