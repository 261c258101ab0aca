package document_test

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/outcome"
	"github.com/provenanceone/data-api/internal/trace"
	"github.com/provenanceone/data-api/internal/trace/tracetest"
)

// TestOutcomes_OfWhatIsTraced_AreSpansInNamesOfTheContract has the test schema's executor run root fields as generated
// code does.
func TestOutcomes_OfWhatIsTraced_AreSpansInNamesOfTheContract(t *testing.T) {
	t.Parallel()
	tracer, flush := tracetest.Tracer(t, trace.Options{Ratio: 1})
	fields := document.NewOutcomes().(graphql.RootFieldInterceptor)
	server, _ := newTestServer(func(ctx context.Context, field graphql.CollectedField) (err error) {
		ctx = graphql.WithRootFieldContext(ctx, &graphql.RootFieldContext{Field: field})
		fields.InterceptRootField(ctx, func(ctx context.Context) graphql.Marshaler {
			trace.From(ctx).Call("statement").End()
			if field.Name == "node" {
				err = fault.New(fault.NotFound, "There is none.")
			}
			return nil
		})
		return err
	})
	traced := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, _ := outcome.New(r.Context())
		ctx, root, _ := tracer.Request(ctx, r.Header, netip.Addr{})
		defer root.End()
		server.ServeHTTP(w, r.WithContext(ctx))
	})
	documenttest.Ask(t, traced, `query Report { hunter2: viewer { id } echo(text: "hunter2") }`)
	documenttest.Ask(t, traced, `{ node(id: "hunter2") { id } }`)
	documenttest.Ask(t, traced, `{ hunter2 }`)
	spans := flush()
	want := []string{
		"request", "request", "request", "request > query", "request > query",
		"request > query > echo", "request > query > echo > statement", "request > query > node",
		"request > query > node > statement", "request > query > viewer", "request > query > viewer > statement",
	}
	if got := tracetest.Paths(spans); !slices.Equal(got, want) {
		t.Errorf("the spans are %q, want %q", got, want)
	}
	for _, s := range spans {
		switch {
		case strings.Contains(strings.Join(s.Texts, " "), "hunter2"), s.Failed != (s.Attributes["error.type"] != ""):
			t.Errorf("a span is %+v", s)
		case s.Name == "query" && s.Failed:
			if s.Attributes["error.type"] != "NOT_FOUND" || s.Attributes["data_api.operation"] != "node" {
				t.Errorf("the span of what failed is %+v", s)
			}
		case s.Name == "query":
			if s.Attributes["graphql.operation.name"] != "Report" || s.Attributes["data_api.operation"] != "echo,viewer" {
				t.Errorf("the span of what ran is %+v", s)
			}
		}
	}
}
