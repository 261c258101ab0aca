package document

import (
	"context"
	"fmt"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// DefaultCost is how many points an operation may cost.
const DefaultCost = 2000

// longest is how often what is below a list counts at most: no page is longer, and whoever asks for a longer one is refused where it is read.
const longest = 100

type cost struct {
	limit int
}

// NewCost returns the extension that refuses operations which cost more points than allowed, before any of them is run.
//
// A field costs the weight of its `@cost`. Without one it costs 1 if it is resolved, that is, if it returns an object or takes arguments,
// and else nothing. What is below a field with `per` counts as often as the argument of that name says, by its number or the length of its
// list: once at least and 100 times at most. Where the argument is absent or null, its default counts. With `times` it counts so often. A fragment counts wherever it is
// spread, and so does what `@skip` and `@include` leave out.
//
// Units:  points, less than a million.
// Errors: fault.TooCostly, with `cost` and `limit`.
func NewCost(limit int) graphql.HandlerExtension { return cost{limit: limit} }

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
	for name, bounds := range map[string][2]int{"weight": {0, lots}, "times": {1, longest}} {
		given := set.Arguments.ForName(name)
		if given == nil {
			continue
		}
		if n, err := strconv.Atoi(given.Value.Raw); err != nil || n < bounds[0] || n > bounds[1] {
			return fmt.Errorf("%s is %s, not %d to %d", name, given.Value.Raw, bounds[0], bounds[1])
		}
	}
	if per := set.Arguments.ForName("per"); per != nil && field.Arguments.ForName(per.Value.Raw) == nil {
		return fmt.Errorf("per names no argument: %q", per.Value.Raw)
	}
	return nil
}

// MutateOperationContext adds up what the operation costs, once its document and variables are known to be valid; it changes nothing.
func (c cost) MutateOperationContext(_ context.Context, request *graphql.OperationContext) *gqlerror.Error {
	b := newBill(request.Doc, request.Variables, c.limit)
	points := b.set(request.Operation.SelectionSet)
	if points <= c.limit {
		return nil
	}
	return refusal(tooCostly("The operation costs at least %d points; at most %d are allowed. Ask for shorter pages, or for fewer lists within lists.",
		points, c.limit).With("cost", points).With("limit", c.limit))
}
