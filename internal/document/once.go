package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/fault"
)

type atMostOnce struct {
	unchecked
	field string
}

// AtMostOnce returns the extension that refuses an operation in which a root field stands twice, be it by aliases or
// by fragments.
//
// Errors: fault.Invalid.
func AtMostOnce(field string) graphql.HandlerExtension { return atMostOnce{field: field} }

// ExtensionName names the extension.
func (o atMostOnce) ExtensionName() string { return "AtMostOnce:" + o.field }

// MutateOperationContext checks the operation that was selected, once it is known to be valid.
func (o atMostOnce) MutateOperationContext(_ context.Context, request *graphql.OperationContext) *gqlerror.Error {
	roots := rootCount{field: o.field, doc: request.Doc, known: map[string]int{}}
	if roots.in(request.Operation.SelectionSet) > 1 {
		return refusal(fault.New(fault.Invalid, "A request may ask for %s only once.", o.field))
	}

	return nil
}

// rootCount counts a field in a selection set, not below it, and stops counting at two.
type rootCount struct {
	field string
	doc   *ast.QueryDocument
	known map[string]int
}

func (r rootCount) in(selections ast.SelectionSet) int {
	var n int
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			if s.Name == r.field {
				n++
			}
		case *ast.InlineFragment:
			n += r.in(s.SelectionSet)
		case *ast.FragmentSpread:
			n += r.spread(s.Name)
		}

		n = min(n, 2)
	}

	return n
}

func (r rootCount) spread(name string) int {
	n, seen := r.known[name]
	if f := r.doc.Fragments.ForName(name); !seen && f != nil {
		r.known[name] = 0
		n = r.in(f.SelectionSet)
		r.known[name] = n
	}

	return n
}
