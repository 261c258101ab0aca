package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ratelimit"
)

type budget struct {
	anySchema
	rate *ratelimit.Limiter
}

// NewBudget returns the extension that takes a point out of the caller's budget for each operation that is sent, before
// its document is read: so what is refused unpriced costs a point too. NewCost takes the rest.
//
// Errors: fault.RateLimited, with `retryAfterSeconds`.
func NewBudget(rate *ratelimit.Limiter) graphql.HandlerExtension { return budget{rate: rate} }

// ExtensionName names the extension.
func (budget) ExtensionName() string { return "Budget" }

// MutateOperationParameters takes the point.
func (b budget) MutateOperationParameters(ctx context.Context, _ *graphql.RawParams) *gqlerror.Error {
	_, caller := authz.ActorFrom(ctx).Sharer()
	_, err := b.rate.Spend(caller, 1)
	return refusalOf(err)
}
