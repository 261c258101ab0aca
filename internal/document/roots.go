package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"golang.org/x/sync/semaphore"
)

// rootsAtOnce is how many root fields of a query are executed at a time.
const rootsAtOnce = 3

type roots struct{ anySchema }

// NewRoots returns the extension that executes three root fields of a query at a time, so that a long one takes no
// more of what there is than a short one.
func NewRoots() graphql.HandlerExtension { return roots{} }

// ExtensionName names the extension.
func (roots) ExtensionName() string { return "Roots" }

// runningRoots is where an operation counts the root fields that are executed.
const runningRoots = "runningRoots"

// MutateOperationContext begins to count.
func (roots) MutateOperationContext(_ context.Context, request *graphql.OperationContext) *gqlerror.Error {
	request.Stats.SetExtension(runningRoots, semaphore.NewWeighted(rootsAtOnce))
	return nil
}

// InterceptRootField waits until few others are executed.
func (roots) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	running, ok := graphql.GetOperationContext(ctx).Stats.GetExtension(runningRoots).(*semaphore.Weighted)
	if !ok || running.Acquire(ctx, 1) != nil {
		return next(ctx) // whose context has ended
	}

	defer running.Release(1)
	return next(ctx)
}
