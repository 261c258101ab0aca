package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/outcome"
)

type atMostBytes struct {
	anySchema
	most func() int64
}

// AtMostBytes returns the extension that refuses answers which have become longer than allowed. Scalars stop writing
// there.
//
// Units:  bytes, of `data`.
// Errors: fault.TooCostly, with `limit`; what a mutation has done stays done, and the error says so.
func AtMostBytes(most func() int64) graphql.HandlerExtension { return atMostBytes{most: most} }

// ExtensionName names the extension.
func (atMostBytes) ExtensionName() string { return "AtMostBytes" }

// InterceptResponse refuses an answer.
func (a atMostBytes) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	most := a.most()
	if response == nil || int64(len(response.Data)) <= most {
		return response
	}

	outcome.From(ctx).Hit("max-answer-bytes")
	say := "The answer would have more than %d bytes. Ask for less content or shorter pages."
	if graphql.GetOperationContext(ctx).Operation.Operation == ast.Mutation {
		say = "What you asked for was done, but its answer would have more than %d bytes. Look at what it did by a " +
			"query, with less content or shorter pages."
	}

	return &graphql.Response{Errors: gqlerror.List{refusal(tooCostly(say, most).With("limit", most))}}
}
