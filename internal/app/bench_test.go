package app

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/config"
)

// BenchmarkServer answers whole requests, credential and log line included, on the backends that `make bench` runs in
// another process: so what it counts is allocated by the server alone. Each operation is a body, in which FRESH stands
// for a text never sent before.
func BenchmarkServer(b *testing.B) {
	path := os.Getenv("DATA_API_BENCH_PLAN")
	if path == "" {
		b.Skip("it needs the backends and the plan of `make bench`")
	}
	raw, err := os.ReadFile(path)
	testkit.Must(b, err)
	var plan struct {
		Settings   config.Serve
		Token      string
		Operations map[string]string
	}
	testkit.Must(b, json.Unmarshal(raw, &plan))
	a, err := Open(b.Context(), plan.Settings, slog.New(slog.NewJSONHandler(discard{}, nil)))
	testkit.Must(b, err)
	credentials, err := a.Credentials()
	testkit.Must(b, err)
	b.Cleanup(func() { credentials.Close(); testkit.Must(b, a.Close()) })
	handler, err := a.Handler(credentials, nil)
	testkit.Must(b, err)
	for name, body := range plan.Operations {
		b.Run(name, func(b *testing.B) { answerAll(b, handler, plan.Token, body) })
	}
}

// discard is no io.Discard, for which slog would not even write its lines.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

// fresh counts over all calls, for the database remembers those of the calls before.
var fresh atomic.Int64

func answerAll(b *testing.B, handler http.Handler, token, body string) {
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			text := strings.ReplaceAll(body, "FRESH", "allocated-"+strconv.FormatInt(fresh.Add(1), 10))
			r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/graphql", strings.NewReader(text))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("X-API-Key", token)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"errors"`) {
				b.Error(w.Body.String())
				return
			}
		}
	})
}

// BenchmarkList_TwentyDatastores answers a page of a list, from the checked document to the encoded answer, by one of
// several clients.
func BenchmarkList_TwentyDatastores(b *testing.B) {
	h := newHouse(b, 20)
	body := `{"query":"{ datastores(first: 20) { nodes { id name objectCount usedBytes createdAt createdBy { label } } } }"}`
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/json")
			w := httptest.NewRecorder()
			h.handler.ServeHTTP(w, r.WithContext(authz.WithActor(r.Context(), h.admin)))
			if w.Code != http.StatusOK {
				b.Fatalf("%d %s", w.Code, w.Body)
			}
		}
	})
}
