package transport

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/fault"
)

// GET is the transport for queries sent by GET, with the parameters query or documentId, variables, operationName and
// extensions in the URL.
//
// It answers as POST does. What is no query is refused with status 405 before any of it is run. No page elsewhere can
// make a browser send one unasked: the server in front wants a credential in a header of its own, for which browsers
// ask first.
//
// Source: GraphQL over HTTP, working draft, section 5, "Request", on GET.
type GET struct{}

// Supports reports whether a request is a plain GET.
func (GET) Supports(r *http.Request) bool {
	return r.Method == http.MethodGet && r.Header.Get("Upgrade") == ""
}

// Do runs the query of a request and writes the answer.
func (GET) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	start := graphql.Now()
	w.Header().Set("Content-Type", accepts(r)+"; charset=utf-8")
	params, err := queryParams(r)
	if err != nil {
		writeRefusal(w, r, present(r.Context(), exec, err))
		return
	}

	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	operation, ok := prepare(w, r, exec, params)
	switch {
	case !ok:
	case operation.Operation.Operation != ast.Query:
		refuseByGET(graphql.WithOperationContext(r.Context(), operation), w, exec)
	default:
		run(w, r, exec, operation)
	}
}

func refuseByGET(ctx context.Context, w http.ResponseWriter, exec graphql.GraphExecutor) {
	w.Header().Set("Allow", http.MethodPost)
	refused := fault.New(fault.BadRequest, "By GET only queries are run: send other operations by POST.")
	writeErrors(w, http.StatusMethodNotAllowed, present(ctx, exec, refused))
}

func queryParams(r *http.Request) (*graphql.RawParams, error) {
	sent, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The query string is not well-formed.")
	}

	params := &graphql.RawParams{Headers: r.Header, Query: sent.Get("query"), OperationName: sent.Get("operationName")}
	for name, object := range map[string]*map[string]any{
		"variables":  &params.Variables,
		"extensions": &params.Extensions,
	} {
		if !sent.Has(name) {
			continue
		}

		decoder := json.NewDecoder(strings.NewReader(sent.Get(name)))
		decoder.UseNumber()
		err := decoder.Decode(object)
		if _, after := decoder.Token(); err != nil || after != io.EOF {
			return nil, fault.New(fault.BadRequest, "The parameter %s must be a JSON object.", name)
		}
	}

	if id := sent.Get("documentId"); id != "" {
		document.SetID(params, id)
	}

	return params, nil
}
