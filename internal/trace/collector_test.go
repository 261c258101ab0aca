package trace_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/trace"
	"github.com/provenanceone/data-api/internal/trace/tracetest"
)

// TestCollector_Away_IsALineWhenItBeginsAndALineWhenItEnds has a collector refuse two batches, and repeat its
// credential meanwhile.
func TestCollector_Away_IsALineWhenItBeginsAndALineWhenItEnds(t *testing.T) {
	t.Parallel()
	var asked atomic.Int32
	collector := &tracetest.Collector{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := asked.Add(1); n < 3 {
			http.Error(w, "who is "+r.Header.Get("X-Credential")+"? "+strings.Repeat("?", 1000), http.StatusForbidden)
			return
		}
		collector.ServeHTTP(w, r)
	}))
	defer server.Close()
	log := &bytes.Buffer{}
	tracer, err := trace.New(t.Context(), trace.Options{
		Endpoint: server.URL + "/v1/traces",
		Header:   "X-Credential: hunter2",
		Ratio:    1,
		Log:      slog.New(slog.NewJSONHandler(log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := int32(1); n <= 4; n++ {
		_, span, _ := tracer.Begin(t.Context(), "job")
		span.End()
		for end := time.Now().Add(time.Minute); asked.Load() < n; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("batch %d was not sent", n)
			}
		}
	}
	tracer.Close(t.Context())
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `"WARN","msg":"the collector of traces is away"`) ||
		!strings.Contains(lines[1], `"INFO","msg":"the collector of traces is back"`) || len(lines[0]) > 700 ||
		!strings.Contains(lines[0], "403") || strings.Contains(log.String(), "hunter2") {
		t.Errorf("the log says %s", log)
	}
	if n := len(collector.Spans()); n != 2 {
		t.Errorf("%d spans have arrived", n)
	}
}

func TestClose_CollectorThatDoesNotAnswer_EndsInTime(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	tracer, err := trace.New(t.Context(), trace.Options{
		Endpoint: server.URL + "/v1/traces",
		Ratio:    1,
		Log:      slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 10_000 { // more than wait for the collector
		_, span, _ := tracer.Begin(t.Context(), "job")
		span.End()
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	tracer.Close(ctx)
	if ctx.Err() == nil {
		t.Error("it did not wait for what was still to be sent")
	}
}
