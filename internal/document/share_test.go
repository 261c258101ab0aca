package document_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fair"
	"github.com/provenanceone/data-api/internal/transport"
)

// sharing is a server with few points, for callers who are named in a header. Its answers have so many bytes.
func sharing(shares fair.Limits, bytes int) http.Handler {
	server := transport.NewServer(&graphql.ExecutableSchemaMock{
		SchemaFunc: func() *ast.Schema { return documenttest.Schema },
		ExecFunc: func(context.Context) graphql.ResponseHandler {
			return graphql.OneShot(&graphql.Response{Data: json.RawMessage(`"` + strings.Repeat("x", bytes-2) + `"`)})
		},
	}, transport.Options{Options: document.Options{Shares: shares, AnswerBytes: func() int64 { return 100 << 10 }}})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		workspace, caller, _ := strings.Cut(r.Header.Get("Authorization"), "/")
		ctx := authz.WithActor(r.Context(),
			authz.Actor{Workspace: authz.WorkspaceID(workspace), Who: authz.Who{PrincipalID: caller}})
		ctx, written := fair.Scope(ctx)
		defer written()
		server.ServeHTTP(w, r.WithContext(ctx))
	})
}

func asks(who, query string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"query":"`+query+`"}`))
	r.Header = http.Header{
		"Content-Type":  {"application/json"},
		"Accept":        {documenttest.GraphQLResponse},
		"Authorization": {who},
	}
	return r
}

// unread is a caller who does not take an answer until told to.
type unread struct {
	*httptest.ResponseRecorder
	begun, take chan struct{}
}

func (u unread) Write(p []byte) (int, error) {
	select {
	case u.begun <- struct{}{}:
		<-u.take
	case <-u.take:
	}
	return u.ResponseRecorder.Write(p)
}

func TestShares_AnswersThatAreNotTaken_CountAgainstTheirCallerAlone(t *testing.T) {
	t.Parallel()
	// A point for an documenttest.Answer, and what it is long: six.
	server := sharing(fair.Limits{
		All:       30,
		Workspace: 12,
		Caller:    6,
		Wait:      10 * time.Millisecond,
	}, 5*document.PointBytes)
	slow := unread{httptest.NewRecorder(), make(chan struct{}), make(chan struct{})}
	done := make(chan struct{})
	go func() { defer close(done); server.ServeHTTP(slow, asks("acme/one", "{content(maxBytes:26000){text}}")) }()
	<-slow.begun
	for who, want := range map[string]int{
		"acme/one":     http.StatusTooManyRequests,
		"acme/two":     http.StatusOK,
		"globex/three": http.StatusOK,
	} {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, asks(who, "{viewer{id}}"))
		if w.Code != want || want != http.StatusOK &&
			(w.Header().Get("Retry-After") != "2" || !strings.Contains(w.Body.String(), "RATE_LIMITED")) {
			t.Errorf("%s: %d, %v, %.200s", who, w.Code, w.Header(), w.Body)
		}
	}
	close(slow.take)
	<-done
	w := httptest.NewRecorder()
	server.ServeHTTP(w, asks("acme/one", "{viewer{id}}"))
	if w.Code != http.StatusOK {
		t.Errorf("once it is taken: %d, %.200s", w.Code, w.Body)
	}
}

func TestAtMostBytes_LongerAnswer_IsRefusedAndAMutationSaysThatItWasDone(t *testing.T) {
	t.Parallel()
	for query, say := range map[string]string{
		"{viewer{id}}":                 "The answer would have",
		"mutation{revealSecret(id:1)}": "was done",
	} {
		w := httptest.NewRecorder()
		sharing(document.SharesOf(document.DefaultCost), 100<<10).ServeHTTP(w, asks("acme/one", query))
		if !strings.HasPrefix(w.Body.String(), `{"data":`) {
			t.Errorf("%s: exactly as long as allowed: %.200s", query, w.Body)
		}
		w = httptest.NewRecorder()
		sharing(document.SharesOf(document.DefaultCost), 100<<10+1).ServeHTTP(w, asks("acme/one", query))
		if text := w.Body.String(); !strings.Contains(text, "QUERY_TOO_COSTLY") || !strings.Contains(text, say) ||
			strings.Contains(text, "xxx") {
			t.Errorf("%s: a byte longer: %.200s", query, text)
		}
	}
}

func TestRoots_Twenty_AreExecutedThreeAtATime(t *testing.T) {
	t.Parallel()
	var now, most, all atomic.Int64
	request := &graphql.OperationContext{}
	roots, _ := document.NewRoots().(interface {
		graphql.OperationContextMutator
		graphql.RootFieldInterceptor
	})
	if err := roots.MutateOperationContext(t.Context(), request); err != nil {
		t.Fatal(err)
	}
	ctx := graphql.WithOperationContext(t.Context(), request)
	full, proceed := make(chan struct{}, 20), make(chan struct{})
	done := make(chan struct{})
	for range 20 {
		go func() {
			defer func() { done <- struct{}{} }()
			roots.InterceptRootField(ctx, func(context.Context) graphql.Marshaler {
				most.Store(max(most.Load(), now.Add(1)))
				full <- struct{}{}
				<-proceed
				now.Add(-1)
				all.Add(1)
				return graphql.Null
			})
		}()
	}
	for range document.RootsAtOnce {
		<-full
	}
	close(proceed)
	for range 20 {
		<-done
	}
	if most.Load() > document.RootsAtOnce || all.Load() != 20 {
		t.Errorf("%d at once, %d in all", most.Load(), all.Load())
	}
}
