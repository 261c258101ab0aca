package transport

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// eventStream is the media type of server-sent events.
const eventStream = "text/event-stream"

var errStopping = fault.New(fault.Unavailable, "The server is stopping: connect again.")

// SSE is the transport for callers who ask for server-sent events: by POST, or by GET for operations without effect.
//
// Every answer is an event `next`; `complete` is the last event. What was refused is an answer without `data`. While it
// runs, the transport checks the credential again and again; when it ends, or a subscription does because the server
// stops, an answer says why.
//
// Source: GraphQL over Server-Sent Events, "Distinct connections mode".
type SSE struct {
	Connections
}

// Supports reports whether a request asks for a stream. The server in front reduces Accept to what was chosen.
func (SSE) Supports(r *http.Request) bool {
	return r.Header.Get("Accept") == eventStream && (GET{}.Supports(r) || POST{}.Supports(r))
}

// Do runs the operation of a request and writes its answers.
func (t SSE) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	operation, err := t.open(w, r, exec)
	if err == nil && r.Method == http.MethodGet && operation.Operation.Operation == ast.Mutation {
		w.Header().Set("Content-Type", accepts(r)+"; charset=utf-8")
		refuseByGET(graphql.WithOperationContext(r.Context(), operation), w, exec)
		return
	}

	s, broken := newStream(w, t.pace)
	switch {
	case broken != nil:
	case err != nil:
		_ = errors.Join(s.refuse(present(r.Context(), exec, err)), s.complete())
	default:
		t.run(r, s, exec, operation)
	}
}

func (t SSE) open(
	w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor,
) (*graphql.OperationContext, error) {
	read, start := readParams, graphql.Now()
	if r.Method == http.MethodGet {
		read = func(_ http.ResponseWriter, r *http.Request) (*graphql.RawParams, error) { return queryParams(r) }
	}

	params, err := read(w, r)
	if err != nil {
		return nil, err
	}

	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	operation, refused := opened(r.Context(), exec, params)
	if len(refused) > 0 {
		return nil, refused
	}

	return operation, nil
}

// run streams the answers of an operation, and sees to it that it ends when it must.
func (t SSE) run(r *http.Request, s *stream, exec graphql.GraphExecutor, operation *graphql.OperationContext) {
	ctx, end := context.WithCancelCause(r.Context())
	var helpers sync.WaitGroup
	defer helpers.Wait()
	defer end(nil)
	helpers.Go(func() { s.comment(ctx) })
	helpers.Go(func() {
		<-ctx.Done()
		s.hurry()
	})
	helpers.Go(func() { t.watch(ctx, r.Header, end) })
	if operation.Operation.Operation == ast.Subscription {
		helpers.Go(func() { t.untilStop(ctx, end) })
	}

	err := t.safely(ctx, func() error {
		return t.play(ctx, exec, operation, func(answer *graphql.Response) error {
			if ctx.Err() != nil {
				return errUnheard
			}

			return s.next(answer)
		})
	})
	if because, ended := errors.AsType[*fault.Error](context.Cause(ctx)); ended {
		err = because
	} else if ctx.Err() != nil || errors.Is(err, errUnheard) {
		return
	}

	if err == nil || s.refuse(present(graphql.WithOperationContext(r.Context(), operation), exec, err)) == nil {
		_ = s.complete()
	}
}

// watch ends a stream when the credential that it was asked for with has ended, or when it is over itself.
func (t SSE) watch(ctx context.Context, headers http.Header, end context.CancelCauseFunc) {
	c := newCredential(t.Connections, headers)
	c.actor, c.good = authz.ActorFrom(ctx), time.Now()
	end(t.safely(ctx, func() error { return c.watch(ctx, func() bool { return true }) }))
}

func (t SSE) untilStop(ctx context.Context, end context.CancelCauseFunc) {
	select {
	case <-t.Stopping(ctx):
		end(errStopping)
	case <-ctx.Done():
	}
}
