package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// MaxErrors is how many errors an answer has at most.
const MaxErrors = 10

type atMostErrors struct {
	anySchema
	most int
}

// AtMostErrors returns the extension that cuts the errors of an answer: where there are more than allowed, the last
// one says so.
func AtMostErrors(most int) graphql.HandlerExtension { return atMostErrors{most: most} }

// ExtensionName names the extension.
func (atMostErrors) ExtensionName() string { return "AtMostErrors" }

// InterceptResponse cuts the errors of an answer.
func (a atMostErrors) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil || len(response.Errors) <= a.most {
		return response
	}

	last := response.Errors[a.most-1]
	response.Errors = response.Errors[:a.most]
	response.Errors[a.most-1] = &gqlerror.Error{
		Message:    "There are more errors.",
		Extensions: map[string]any{"code": last.Extensions["code"]},
	}
	return response
}
