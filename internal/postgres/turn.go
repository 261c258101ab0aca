package postgres

import (
	"context"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fair"
)

const (
	// connections is how many there are at most.
	connections = 24
	// kept are connections for what runs as no workspace: finding out who somebody is, readiness, and jobs that look
	// for work.
	kept = 8
	// perWorkspace and perCaller are how many of the others one may use at once.
	perWorkspace, perCaller = 8, 6
	// scanTurns is how many connections a statement that scans counts as: one workspace runs one at a time.
	scanTurns = 6
)

// turns say who may use a connection. Whoever waits for one waits here, where their context counts, and neither a
// workspace nor a caller can take them all.
type turns struct {
	shared *fair.Gate
	kept   *semaphore.Weighted
}

func newTurns(wait time.Duration) turns {
	return turns{
		shared: fair.NewGate(fair.Limits{
			All:       connections - kept,
			Workspace: perWorkspace,
			Caller:    perCaller,
			Wait:      wait,
		}),
		kept: semaphore.NewWeighted(kept),
	}
}

// take waits until a workspace may use that many connections, and returns what frees them again. The context's actor
// counts for fairness alone; where there is none, nobody knows yet who it is, or a job is at work.
//
// Errors: fault.RateLimited; that of ctx.
func (t turns) take(ctx context.Context, ws authz.WorkspaceID, n int64) (done func(), err error) {
	actor := authz.ActorFrom(ctx)
	if actor.Kind == "" && !ws.Valid() {
		if err := t.kept.Acquire(ctx, 1); err != nil {
			return nil, err
		}

		return func() { t.kept.Release(1) }, nil
	}

	own, caller := actor.Sharer()
	if ws.Valid() {
		own = ws.String()
	}

	if caller == "" { // a job, which is one caller in each workspace
		caller = own
	}

	h, err := t.shared.Take(ctx, fair.Who{Workspace: own, Caller: caller}, n)
	if err != nil {
		return nil, err
	}

	return h.Release, nil
}
