package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/internal/outcome"
	"github.com/provenanceone/data-api/internal/trace"
)

type outcomes struct{ anySchema }

// NewOutcomes returns the extension that notes in the context's outcome which root fields ran, and the code of the
// first error of an answer. Where the request is traced, the operation and each root field is a span. It comes before
// all others, so that it sees the answer that the caller gets.
func NewOutcomes() graphql.HandlerExtension { return outcomes{} }

// ExtensionName names the extension.
func (outcomes) ExtensionName() string { return "Outcomes" }

// InterceptRootField notes the field by its name in the contract, whatever its alias.
func (outcomes) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	name := graphql.GetRootFieldContext(ctx).Field.Name
	outcome.From(ctx).Ran(name)
	ctx, span := trace.Start(ctx, name)
	defer span.End()
	return next(ctx)
}

// InterceptResponse notes the code of the first error.
func (outcomes) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	ctx, span := startOperation(ctx)
	defer span.End()
	response := next(ctx)
	span.Set("data_api.operation", outcome.From(ctx).Operation())
	if response != nil && len(response.Errors) > 0 {
		code, _ := response.Errors[0].Extensions["code"].(string)
		outcome.From(ctx).Refused(code)
		span.Fail(code)
	}

	return response
}

// startOperation begins the span of an operation that runs. What is refused before that has none.
//
// The operation's name is the caller's, as is usual: a name of GraphQL, letters, digits and `_`, as long as Limits
// allows.
func startOperation(ctx context.Context) (context.Context, *trace.Span) {
	if trace.From(ctx) == nil || !graphql.HasOperationContext(ctx) {
		return ctx, nil
	}

	operation := graphql.GetOperationContext(ctx).Operation
	if operation == nil {
		return ctx, nil
	}

	ctx, span := trace.Start(ctx, string(operation.Operation))
	span.Set("graphql.operation.type", string(operation.Operation))
	span.Set("graphql.operation.name", operation.Name)
	return ctx, span
}
