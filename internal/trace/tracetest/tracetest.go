// Package tracetest is a collector of traces for tests.
package tracetest

import (
	"compress/gzip"
	"context"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	otlp "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/provenanceone/data-api/internal/trace"
)

// Collector takes traces by OTLP over HTTP, and keeps them. Its zero value is ready.
type Collector struct {
	// Answer is asked for the status of each answer, once the spans are kept if it is 200; nil is always 200. It is set
	// before the first use.
	Answer func(r *http.Request) int
	// Raw gets what was sent, without compression, in place of Spans; nil for nobody.
	Raw io.Writer

	mu    sync.Mutex
	spans []Span
}

// Span is one that was taken. Ids are in hexadecimal; Parent is empty for a root.
type Span struct {
	Trace, ID, Parent, Name string
	Kind                    string
	Failed                  bool
	// Attributes are those of the span, as text, and Resource are those of the program.
	Attributes, Resource map[string]string
	// Links are the traces that it has links to.
	Links []string
	// Events is how many it has.
	Events int
	// Texts are all texts in it, whatever they are.
	Texts []string
}

// ServeHTTP implements http.Handler.
func (c *Collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		var err error
		if body, err = gzip.NewReader(r.Body); err != nil {
			http.Error(w, "no gzip", http.StatusBadRequest)
			return
		}
	}

	raw, err := io.ReadAll(body)
	if err != nil {
		http.Error(w, "no body", http.StatusBadRequest)
		return
	}

	status := http.StatusOK
	if c.Answer != nil {
		status = c.Answer(r)
	}

	if status == http.StatusOK && c.take(raw) != nil {
		status = http.StatusBadRequest
	}

	w.WriteHeader(status)
}

func (c *Collector) take(raw []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.Raw != nil {
		_, err := c.Raw.Write(raw)
		return err
	}

	var sent collector.ExportTraceServiceRequest
	if err := proto.Unmarshal(raw, &sent); err != nil {
		return err
	}

	for _, program := range sent.ResourceSpans {
		for _, scope := range program.ScopeSpans {
			for _, s := range scope.Spans {
				c.spans = append(c.spans, spanOf(s, texts(program.Resource.GetAttributes())))
			}
		}
	}

	return nil
}

func spanOf(s *otlp.Span, resource map[string]string) Span {
	taken := Span{
		Trace:      hex.EncodeToString(s.TraceId),
		ID:         hex.EncodeToString(s.SpanId),
		Parent:     hex.EncodeToString(s.ParentSpanId),
		Name:       s.Name,
		Kind:       strings.ToLower(strings.TrimPrefix(s.Kind.String(), "SPAN_KIND_")),
		Failed:     s.Status.GetCode() == otlp.Status_STATUS_CODE_ERROR,
		Attributes: texts(s.Attributes),
		Resource:   resource,
		Events:     len(s.Events),
		Texts:      []string{s.Name, s.TraceState, s.Status.GetMessage()},
	}
	for _, l := range s.Links {
		taken.Links = append(taken.Links, hex.EncodeToString(l.TraceId))
		taken.Texts = append(taken.Texts, l.TraceState)
	}

	for key, value := range taken.Attributes {
		taken.Texts = append(taken.Texts, key, value)
	}

	return taken
}

func texts(attributes []*common.KeyValue) map[string]string {
	all := map[string]string{}
	for _, a := range attributes {
		text := a.Value.GetStringValue()
		if text == "" {
			text = a.Value.String()
		}

		all[a.Key] = text
	}

	return all
}

// Spans returns those so far.
func (c *Collector) Spans() []Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.spans)
}

// Of returns the spans of a trace so far.
func (c *Collector) Of(traceID string) []Span {
	return slices.DeleteFunc(c.Spans(), func(s Span) bool { return s.Trace != traceID })
}

// Paths are the names of spans with those above them, from the root on, as `POST /graphql > query > secret`.
func Paths(spans []Span) []string {
	byID := map[string]Span{}
	for _, s := range spans {
		byID[s.ID] = s
	}

	var all []string
	for _, s := range spans {
		path := s.Name
		for above, ok := byID[s.Parent]; ok; above, ok = byID[above.Parent] {
			path = above.Name + " > " + path
		}

		all = append(all, path)
	}

	slices.Sort(all)
	return all
}

// Tracer starts a collector, and returns it with a tracer that sends a part of all traces there. flush returns what has
// ended so far; nothing is traced any more from then on.
func Tracer(tb testing.TB, o trace.Options) (tracer *trace.Tracer, flush func() []Span) {
	tb.Helper()
	c := &Collector{}
	server := httptest.NewServer(c)
	tb.Cleanup(server.Close)
	o.Endpoint = server.URL + "/v1/traces"
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}

	tracer, err := trace.New(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}

	return tracer, func() []Span {
		tb.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		tracer.Close(ctx)
		return c.Spans()
	}
}
