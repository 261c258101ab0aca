package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
)

// targets returns, by mutation, the field of its input that names what it is done to: the first one that takes an id.
func targets(contract *ast.Schema) map[string]string {
	all := map[string]string{}
	for _, mutation := range contract.Mutation.Fields {
		input := mutation.Arguments.ForName("input")
		if input == nil {
			continue
		}

		for _, field := range contract.Types[input.Type.Name()].Fields {
			if field.Type.NamedType == "ID" {
				all[mutation.Name] = field.Name
				break
			}
		}
	}

	return all
}

// refused returns the refusal to record: the field, and of its input the id of the target and the reason, nothing else.
//
// It keeps an id as it was sent, whether such a thing exists or not, and no text that is no id.
func (g *Guard) refused(ctx context.Context, n authz.Need) audit.Refusal {
	at := graphql.GetFieldContext(ctx)
	r := audit.Refusal{Field: at.Object + "." + at.Field.Name, Need: n}
	if at.Object != "Mutation" {
		return r
	}

	input := inputOf(ctx)
	if id, _ := input[g.targets[at.Field.Name]].(string); ident.Of[any](id).Valid() {
		r.TargetID = id
	}

	r.Reason, _ = input["reason"].(string)
	return r
}

// inputOf is the input of the mutation under way, as it was sent; nil for what takes none.
func inputOf(ctx context.Context) map[string]any {
	sent := graphql.GetFieldContext(ctx).Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
	input, _ := sent["input"].(map[string]any)
	return input
}
