package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/fault"
)

// notNull returns, by mutation, the fields of its input that bear @notNull.
func notNull(contract *ast.Schema) map[string][]string {
	all := map[string][]string{}
	for _, mutation := range contract.Mutation.Fields {
		input := mutation.Arguments.ForName("input")
		if input == nil {
			continue
		}

		for _, field := range contract.Types[input.Type.Name()].Fields {
			if field.Directives.ForName("notNull") != nil {
				all[mutation.Name] = append(all[mutation.Name], field.Name)
			}
		}
	}

	return all
}

// refuseNull returns fault.Invalid naming the first field of the mutation's input that is null and bears @notNull. The
// mutation cannot tell: for it, what is null was left out.
func (g *Guard) refuseNull(ctx context.Context) error {
	at := graphql.GetFieldContext(ctx)
	if at.Object != "Mutation" {
		return nil
	}

	for _, field := range g.notNull[at.Field.Name] {
		if value, sent := inputOf(ctx)[field]; sent && value == nil {
			return fault.Field(fault.Invalid, field, "`%s` cannot be null: leave it out to leave it as it is.", field)
		}
	}

	return nil
}
