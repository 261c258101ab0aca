package httpserver

import (
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/trace"
	"github.com/provenanceone/data-api/internal/trace/tracetest"
)

// requestLines are the lines of requests so far.
func (s *site) requestLines(t *testing.T) (lines []map[string]any) {
	t.Helper()
	for text := range strings.Lines(s.log.String()) {
		var line map[string]any
		testkit.Must(t, json.Unmarshal([]byte(text), &line))
		if line["msg"] == "request" {
			lines = append(lines, line)
		}
	}
	return lines
}

// TestRequests_Traced_AreSpansByTheirRoutes asks for a route with an id, for GraphQL with a query string, and for
// nothing.
func TestRequests_Traced_AreSpansByTheirRoutes(t *testing.T) {
	t.Parallel()
	tracer, flush := tracetest.Tracer(t, trace.Options{Ratio: 1, Trusted: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	fail := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse(w, r, http.StatusServiceUnavailable, fault.New(fault.Unavailable, "Not now."))
	})
	s := serve(t, Options{Tracer: tracer, REST: REST{Find: func(r *http.Request) (Endpoint, bool) {
		return Endpoint{Route: "/things/{id}", Methods: []string{"GET"}, Handler: fail},
			strings.HasPrefix(r.URL.Path, "/things/")
	}}})
	const theirs = "0af7651916cd43dd8448eb211c80319c"
	s.do(t, s.request(t, http.MethodGet, "/things/hunter2", "", "Authorization", "Bearer good"))
	s.do(t, s.request(t, http.MethodGet, "/graphql?query={hunter2}", "", "Authorization", "Bearer good",
		"traceparent", "00-"+theirs+"-b7ad6b7169203331-01", "User-Agent", "hunter2"))
	s.do(t, s.request(t, http.MethodGet, "/hunter2", ""))
	spans, lines := flush(), s.requestLines(t)
	want := []string{"GET /graphql", "GET /things/{id}", "GET none"}
	if got := tracetest.Paths(spans); !slices.Equal(got, want) {
		t.Errorf("the spans are %q, want %q", got, want)
	}
	for i, span := range spans {
		if span.Trace != lines[i]["traceId"] || strings.Contains(strings.Join(span.Texts, " "), "hunter2") {
			t.Errorf("beside the line %v is the span %+v", lines[i], span)
		}
		if span.Failed != (span.Name == "GET /things/{id}") || span.Failed && span.Attributes["error.type"] != "UNAVAILABLE" {
			t.Errorf("a span is %+v", span)
		}
	}
	if lines[1]["traceId"] != theirs {
		t.Errorf("the trace of a trusted caller is %v", lines[1]["traceId"])
	}
}

func TestRequests_NotTraced_HaveTheIDOfATraceOrNone(t *testing.T) {
	t.Parallel()
	unkept, flush := tracetest.Tracer(t, trace.Options{Ratio: 0})
	for length, tracer := range map[int]*trace.Tracer{32: unkept, 0: nil} {
		s := serve(t, Options{Tracer: tracer, GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if trace.From(r.Context()) != nil {
				t.Error("there is a span")
			}
			_, _ = io.WriteString(w, "{}")
		})})
		s.do(t, s.request(t, http.MethodGet, "/graphql?query={a}", "", "Authorization", "Bearer good"))
		if id, _ := s.requestLines(t)[0]["traceId"].(string); len(id) != length {
			t.Errorf("the trace is %q", id)
		}
	}
	if spans := flush(); len(spans) != 0 {
		t.Errorf("the spans are %+v", spans)
	}
}
