package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/internal/outcome"
)

type outcomes struct{ anySchema }

// NewOutcomes returns the extension that notes in the context's outcome which root fields ran, and the code of the
// first error of an answer. It comes before all others, so that it sees the answer that the caller gets.
func NewOutcomes() graphql.HandlerExtension { return outcomes{} }

// ExtensionName names the extension.
func (outcomes) ExtensionName() string { return "Outcomes" }

// InterceptRootField notes the field by its name in the contract, whatever its alias.
func (outcomes) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	outcome.From(ctx).Ran(graphql.GetRootFieldContext(ctx).Field.Name)
	return next(ctx)
}

// InterceptResponse notes the code of the first error.
func (outcomes) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response != nil && len(response.Errors) > 0 {
		code, _ := response.Errors[0].Extensions["code"].(string)
		outcome.From(ctx).Refused(code)
	}

	return response
}
