package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestCORS_OfAnAllowedOrigin_HoldsForEveryWayIn tries GraphQL by POST, GET and as a stream, REST and sockets from a
// listed origin and another.
func TestCORS_OfAnAllowedOrigin_HoldsForEveryWayIn(t *testing.T) {
	t.Parallel()
	const listed, other = "https://app.example", "https://evil.example"
	w := newWorld(t, shared)
	address := shared.serveWith(t, "cors", "--allowed-origins", listed).address
	callers := map[int]credential{
		http.StatusOK:           w.user("acme", authz.Admin),
		http.StatusUnauthorized: {"X-API-Key", "p1_bad"},
	}

	for name, way := range map[string]struct{ method, path, body, accept string }{
		"POST":   {http.MethodPost, "/graphql", `{"query":"{ viewer { role } }"}`, "application/json"},
		"GET":    {http.MethodGet, "/graphql?query=%7Bviewer%7Brole%7D%7D", "", "application/json"},
		"stream": {http.MethodPost, "/graphql", `{"query":"{ viewer { role } }"}`, "text/event-stream"},
		"REST":   {http.MethodGet, "/datastores", "", "application/json"},
	} {
		for status, who := range callers {
			ask := func(origin string) (int, http.Header) {
				return w.asPage(origin, who, way.method, "http://"+address+way.path, way.body, way.accept)
			}

			if got, h := ask(listed); got != status || h.Get("Access-Control-Allow-Origin") != listed ||
				!strings.Contains(h.Get("Access-Control-Expose-Headers"), "X-Request-Id") {
				t.Errorf("%s: got %d %v, want %d", name, got, h, status)
			}
			if _, h := ask(other); h.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s: a page of %s may read %v", name, other, h)
			}
		}
	}

	if _, open, err := w.dial(address, "Origin", listed); err != nil || open.status != http.StatusSwitchingProtocols {
		t.Errorf("a socket from %s: got %v, %v", listed, open, err)
	}
	if _, shut, err := w.dial(address, "Origin", other); err == nil || shut.status != http.StatusForbidden {
		t.Errorf("a socket from %s: got %v, %v", other, shut, err)
	}
}

// asPage sends what a browser would send for a page.
func (w *world) asPage(origin string, who credential, method, url, body, accept string) (int, http.Header) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, url, strings.NewReader(body))
	testkit.Must(w.t, err)
	for name, value := range map[string]string{
		"Origin":       origin,
		"Content-Type": "application/json",
		"Accept":       accept,
		who.header:     who.value,
	} {
		r.Header.Set(name, value)
	}

	response, err := client.Do(r)
	testkit.Must(w.t, err)
	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		w.t.Fatal(err)
	}
	return response.StatusCode, response.Header
}
