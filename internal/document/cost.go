package document

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fair"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ratelimit"
)

// DefaultCost is how many points an operation may cost.
const DefaultCost = 2000

// longest is the most items that a list counts for: no page is longer, and the resolver refuses a longer one.
const longest = 100

type cost struct {
	limit int
	gate  *fair.Gate
	rate  *ratelimit.Limiter
}

// NewCost returns the extension that refuses operations which cost more points than allowed, before any of them is
// run, takes the points of the others out of their caller's budget, and lets them wait until they fit into a gate.
// Points are held until the answer is written; once it is made, no more than its bytes cost. Each answer says in its
// extensions, as `cost`, what its operation cost, and what is left of the budget. The first point of an operation was
// taken by NewBudget.
//
// A field costs the weight of its `@cost`. Without one it costs 1 if it is resolved, that is, if it returns an object
// or takes arguments, and else nothing. What is below a field with `per` counts as often as the argument of that name
// says, by its number or the length of its list: once at least and 100 times at most. Where the argument is absent or
// null, its default counts. With `times` it counts that often. A fragment counts wherever it is spread, and so does
// what `@skip` and `@include` leave out.
//
// A point pays for 5 KiB of the answer. An operation whose answer can be longer than its points pay for costs what its
// bytes do: of a leaf, its `bytes`, or as many as it has `copies` of what the argument `copied` above it allows.
//
// Units:  points, less than a million.
// Errors: fault.TooCostly, with `cost`, `limit`, the `field` to ask less of and the `argument` that does;
// fault.RateLimited, with `retryAfterSeconds`.
func NewCost(limit int, gate *fair.Gate, rate *ratelimit.Limiter) graphql.HandlerExtension {
	return cost{limit: limit, gate: gate, rate: rate}
}

// ExtensionName names the extension.
func (cost) ExtensionName() string { return "Cost" }

// Validate refuses a schema in which a `@cost` makes no sense.
func (cost) Validate(schema graphql.ExecutableSchema) error {
	for _, definition := range schema.Schema().Types {
		for _, field := range definition.Fields {
			if err := checkPrice(field); err != nil {
				return fmt.Errorf("@cost of %s.%s: %w", definition.Name, field.Name, err)
			}
		}
	}

	return nil
}

func checkPrice(field *ast.FieldDefinition) error {
	set := field.Directives.ForName("cost")
	if set == nil {
		return nil
	}

	for name, bounds := range map[string][2]int{
		"weight": {0, lots},
		"times":  {1, longest},
		"bytes":  {0, lots},
		"copies": {0, longest},
	} {
		given := set.Arguments.ForName(name)
		if given == nil {
			continue
		}

		if n, err := strconv.Atoi(given.Value.Raw); err != nil || n < bounds[0] || n > bounds[1] {
			return fmt.Errorf("%s is %s, not %d to %d", name, given.Value.Raw, bounds[0], bounds[1])
		}
	}

	for _, name := range []string{"per", "copied"} {
		if given := set.Arguments.ForName(name); given != nil && field.Arguments.ForName(given.Value.Raw) == nil {
			return fmt.Errorf("%s names no argument: %q", name, given.Value.Raw)
		}
	}

	return nil
}

// MutateOperationContext adds up what the operation costs, once its document and variables are known to be valid, and
// takes a share for it.
func (c cost) MutateOperationContext(ctx context.Context, request *graphql.OperationContext) *gqlerror.Error {
	all := newBill(request.Doc, request.Variables, c.limit).set(request.Operation.SelectionSet)
	points := max(all.cost(), 1)
	if points > c.limit {
		return refusal(c.tooDear(points, request.Doc, request.Variables, request.Operation.SelectionSet))
	}

	workspace, caller := authz.ActorFrom(ctx).Sharer()
	left, err := c.rate.Spend(caller, points-1)
	if err != nil {
		return refusalOf(err)
	}

	held, err := c.gate.Take(ctx, fair.Who{Workspace: workspace, Caller: caller}, int64(points))
	if err != nil {
		c.rate.GiveBack(caller, points-1)
	}

	if f, ok := errors.AsType[*fault.Error](err); ok {
		return refusal(f)
	}

	if err != nil {
		return refusal(OutOfTime())
	}

	held.Keep(ctx)
	request.Stats.SetExtension(pricedOperation, &priced{held, newCharge(points, c.limit, left)})
	return nil
}

// pricedOperation is where an operation keeps its share, and what it cost.
const pricedOperation = "pricedOperation"

type priced struct {
	held   *fair.Share
	charge charge
}

// InterceptResponse changes the share to what the answer needs, and says in the answer what it cost.
func (cost) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil || !graphql.HasOperationContext(ctx) {
		return response
	}

	if p, ok := graphql.GetOperationContext(ctx).Stats.GetExtension(pricedOperation).(*priced); ok {
		p.held.Resize(int64(1 + len(response.Data)/pointBytes))
		p.charge.tell(response)
	}

	return response
}
