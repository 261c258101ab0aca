package document

import (
	"context"
	"fmt"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/fault"
)

type once struct{}

// NewOnce returns the extension that refuses an operation in which a root field marked with `@once` stands twice.
// Aliases and fragments count.
//
// Errors: fault.Invalid.
func NewOnce() graphql.HandlerExtension { return once{} }

// ExtensionName names the extension.
func (once) ExtensionName() string { return "Once" }

// Validate refuses a schema that has `@once` below the root, where nobody counts.
func (once) Validate(schema graphql.ExecutableSchema) error {
	contract := schema.Schema()
	for _, definition := range contract.Types {
		if definition == contract.Query || definition == contract.Mutation || definition == contract.Subscription {
			continue
		}

		for _, field := range definition.Fields {
			if field.Directives.ForName("once") != nil {
				return fmt.Errorf("@once of %s.%s: only root fields are counted", definition.Name, field.Name)
			}
		}
	}

	return nil
}

// MutateOperationContext checks the operation that was selected, once it is known to be valid.
func (once) MutateOperationContext(_ context.Context, request *graphql.OperationContext) *gqlerror.Error {
	roots := rootFields{doc: request.Doc, seen: map[string]bool{}, spreads: map[string]int{}}
	if twice := roots.twice(request.Operation.SelectionSet); twice != "" {
		return refusal(fault.New(fault.Invalid, "A request may ask for %s only once.", twice))
	}

	return nil
}

// rootFields are the root fields marked with `@once` that stand in an operation.
type rootFields struct {
	doc  *ast.QueryDocument
	seen map[string]bool
	// spreads counts how often each fragment was gone through.
	spreads map[string]int
}

// twice returns a field that stands in the selection set though it was seen before, or "". It does not look below
// fields.
func (r rootFields) twice(selections ast.SelectionSet) (name string) {
	for _, selection := range selections {
		switch s := selection.(type) {
		case *ast.Field:
			name = r.field(s)
		case *ast.InlineFragment:
			name = r.twice(s.SelectionSet)
		case *ast.FragmentSpread:
			name = r.spread(s.Name)
		}

		if name != "" {
			return name
		}
	}

	return ""
}

func (r rootFields) field(f *ast.Field) string {
	if f.Definition == nil || f.Definition.Directives.ForName("once") == nil {
		return ""
	}

	if r.seen[f.Name] {
		return f.Name
	}

	r.seen[f.Name] = true
	return ""
}

// spread goes through a fragment twice at most: by then it has found whatever the fragment holds.
func (r rootFields) spread(name string) string {
	f := r.doc.Fragments.ForName(name)
	if r.spreads[name]++; f == nil || r.spreads[name] > 2 {
		return ""
	}

	return r.twice(f.SelectionSet)
}
