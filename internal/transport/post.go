package transport

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/fault"
)

// graphQLResponse is the media type of GraphQL over HTTP whose status tells a request that was refused from one that
// ran.
const graphQLResponse = "application/graphql-response+json"

// maxBody is the last bound on what is read into memory; the server in front has a lower or equal one and says more
// about it.
const maxBody = 1 << 20

// POST is the transport for operations sent as a JSON object by POST.
//
// It answers as GraphQL over HTTP asks: a request that was refused has no `data`, and status 400 where the Accept
// header is exactly `application/graphql-response+json`; in plain JSON every answer has status 200, but for those of
// alwaysHasStatus. The server in front reduces Accept to one of the two.
//
// Source: GraphQL over HTTP, working draft, section 6, "Response".
type POST struct{}

// Supports reports whether a request is a POST of JSON.
func (POST) Supports(r *http.Request) bool {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && r.Method == http.MethodPost && mediaType == "application/json" && r.Header.Get("Upgrade") == ""
}

// Do runs the operation of a request and writes the answer.
func (POST) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	ctx, start := r.Context(), graphql.Now()
	// The server's own answer to a panic sets no type.
	w.Header().Set("Content-Type", accepts(r)+"; charset=utf-8")
	params, err := readParams(w, r)
	if err != nil {
		writeRefusal(w, r, present(ctx, exec, err))
		return
	}

	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	operation, ok := prepare(w, r, exec, params)
	switch {
	case !ok:
	case operation.Operation.Operation == ast.Subscription:
		refused := fault.New(fault.BadRequest, "A subscription has many answers: accept text/event-stream, or send it "+
			"over a socket.")
		writeErrors(w, http.StatusNotAcceptable, present(graphql.WithOperationContext(ctx, operation), exec, refused))
	default:
		run(w, r, exec, operation)
	}
}

// prepare makes an operation of what was sent, or answers why not.
func prepare(
	w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, params *graphql.RawParams,
) (*graphql.OperationContext, bool) {
	operation, refused := opened(r.Context(), exec, params)
	if len(refused) > 0 {
		writeRefusal(w, r, refused)
		return nil, false
	}

	return operation, true
}

// opened makes an operation of what was sent, or says why not, in at most as many errors as are allowed.
func opened(
	ctx context.Context, exec graphql.GraphExecutor, params *graphql.RawParams,
) (*graphql.OperationContext, gqlerror.List) {
	operation, refused := exec.CreateOperationContext(ctx, params)
	if len(refused) == 0 {
		return operation, nil
	}

	// Further ones are not even put into words. One more than allowed lets AtMostErrors see that there are more.
	refused = refused[:min(len(refused), document.MaxErrors+1)]
	return nil, exec.DispatchError(graphql.WithOperationContext(ctx, operation), refused).Errors
}

func run(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor, operation *graphql.OperationContext) {
	next, ctx := exec.DispatchOperation(r.Context(), operation)
	response := next(ctx)
	if response == nil {
		writeRefusal(w, r, present(ctx, exec, errSilent))
		return
	}

	if len(response.Errors) > 0 || response.Data == nil {
		writeAnswer(w, http.StatusOK, response)
		return
	}

	writeData(w, response)
}

// writeData answers with data and extensions. The data is JSON already: to marshal it would read all of it again, and
// copy it.
func writeData(w http.ResponseWriter, response *graphql.Response) {
	const before = `{"data":`
	after := []byte{'}'}
	if len(response.Extensions) > 0 {
		after = append(append([]byte(`,"extensions":`), encoded(response.Extensions)...), '}')
	}

	w.Header().Set("Content-Length", strconv.Itoa(len(before)+len(response.Data)+len(after)))
	_, _ = io.WriteString(w, before)
	_, _ = w.Write(response.Data)
	_, _ = w.Write(after)
}

func encoded(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}

	return text
}

func readParams(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, error) {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	params, err := decodeParams(decoder, r.Header)
	if err != nil {
		return nil, fault.New(fault.BadRequest, "The body must be a JSON object with a query, and variables, "+
			"operationName and extensions if need be.")
	}

	if _, err := decoder.Token(); err != io.EOF {
		return nil, fault.New(fault.BadRequest, "The body must be one JSON object and nothing after it.")
	}

	return params, nil
}

// decodeParams reads a request. One that names its document by `documentId` is as one that names it by `extensions`.
func decodeParams(decoder *json.Decoder, headers http.Header) (*graphql.RawParams, error) {
	var sent struct {
		graphql.RawParams

		DocumentID string `json:"documentId"`
	}
	decoder.UseNumber()
	if err := decoder.Decode(&sent); err != nil {
		return nil, err
	}

	sent.Headers = headers
	if sent.DocumentID != "" {
		document.SetID(&sent.RawParams, sent.DocumentID)
	}

	return &sent.RawParams, nil
}

// alwaysHasStatus are the codes whose status holds in plain JSON too: the request is none of GraphQL, or comes too
// soon, which proxies and clients of HTTP must see.
var alwaysHasStatus = map[any]bool{string(fault.BadRequest): true, string(fault.RateLimited): true}

// statusOf is the status of a request that was refused, in the media type that has one.
var statusOf = map[any]int{
	string(fault.Internal):    http.StatusInternalServerError,
	string(fault.Unavailable): http.StatusServiceUnavailable,
	string(fault.RateLimited): http.StatusTooManyRequests,
}

func writeRefusal(w http.ResponseWriter, r *http.Request, refusal gqlerror.List) {
	status := http.StatusOK
	code := refusal[0].Extensions["code"]
	if alwaysHasStatus[code] || accepts(r) == graphQLResponse {
		status = http.StatusBadRequest
		if other, ok := statusOf[code]; ok {
			status = other
		}
	}

	if seconds, ok := refusal[0].Extensions["retryAfterSeconds"]; ok {
		w.Header().Set("Retry-After", fmt.Sprint(seconds))
	}

	writeErrors(w, status, refusal)
}

// writeErrors answers without `data`, which is how a request that was refused differs from one that ran.
func writeErrors(w http.ResponseWriter, status int, refusal gqlerror.List) {
	writeAnswer(w, status, refused{refusal})
}

func writeAnswer(w http.ResponseWriter, status int, answer any) {
	body := encoded(answer)
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func accepts(r *http.Request) string {
	if r.Header.Get("Accept") == graphQLResponse {
		return graphQLResponse
	}

	return "application/json"
}
