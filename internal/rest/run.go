package rest

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/fault"
)

// call is a stored operation with its variables, and its result.
type call struct {
	operation string
	variables map[string]any
	response  *graphql.Response
}

type callKey struct{}

// Transport carries stored operations to the GraphQL server, in a request's context instead of its body.
type Transport struct{}

// Supports reports whether a request carries a stored operation. No request from outside does.
func (Transport) Supports(r *http.Request) bool {
	_, ok := r.Context().Value(callKey{}).(*call)
	return ok
}

// Do carries out the operation, and writes nothing.
func (Transport) Do(_ http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	ctx := r.Context()
	c, _ := ctx.Value(callKey{}).(*call)
	now := graphql.Now()
	params := &graphql.RawParams{
		Query:     c.operation,
		Variables: c.variables,
		Headers:   r.Header,
		ReadTime:  graphql.TraceTiming{Start: now, End: now},
	}
	operation, refused := exec.CreateOperationContext(ctx, params)
	if len(refused) > 0 {
		c.response = exec.DispatchError(graphql.WithOperationContext(ctx, operation), refused)
		return
	}

	next, ctx := exec.DispatchOperation(ctx, operation)
	if c.response = next(ctx); c.response == nil {
		c.response = exec.DispatchError(ctx, gqlerror.List{{Err: fault.New(fault.Unavailable,
			"The request took too long and was ended. What it asked for may or may not have been done.")}})
	}
}

// run has an operation carried out for the request's actor, and returns its data.
//
// Errors: the first of the operation's errors, as a fault; what no caller can have caused is fault.Internal, and
// logged.
func (a *API) run(r *http.Request, operation string, variables map[string]any) (json.RawMessage, error) {
	c := &call{operation: operation, variables: variables}
	ctx := context.WithValue(r.Context(), callKey{}, c)
	a.GraphQL.ServeHTTP(unheard{}, r.WithContext(ctx))
	switch {
	case c.response == nil:
		return nil, a.internal(ctx, "the operation was not answered")
	case len(c.response.Errors) > 0:
		return nil, a.faultOf(ctx, c.response.Errors[0])
	}

	return c.response.Data, nil
}

// faultOf returns the fault that an error of GraphQL was made from.
func (a *API) faultOf(ctx context.Context, e *gqlerror.Error) error {
	details := maps.Clone(e.Extensions)
	code, _ := details["code"].(string)
	delete(details, "code")
	switch kind := fault.Kind(code); kind {
	case fault.BadRequest, fault.ParseFailed, fault.ValidationFailed, fault.TooCostly:
		return a.internal(ctx, "a stored operation does not fit the schema: "+e.Message)
	default:
		return &fault.Error{Kind: kind, Say: e.Message, Details: details}
	}
}

// internal logs what went wrong, and returns what the caller may know of it.
func (a *API) internal(ctx context.Context, what string) error {
	id := a.RequestID(ctx)
	a.Log.ErrorContext(ctx, "internal error", "requestId", id, "error", what)
	return fault.New(fault.Internal, "An internal error occurred. Its details are in the log under the request's id.")
}

// unheard is a response writer that discards the answer.
type unheard struct{}

// Header returns headers that go nowhere.
func (unheard) Header() http.Header { return http.Header{} }

// Write keeps nothing.
func (unheard) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader does nothing.
func (unheard) WriteHeader(int) {}
