package e2e

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/trace/tracetest"
)

// traceOf waits for the trace of the one request whose operation is this, by its id in the log.
func traceOf(t *testing.T, p *process, c *tracetest.Collector, line, operation string) (id string, spans []tracetest.Span) {
	t.Helper()
	id, _ = p.awaitLines(t, 1, line, `"operation":"`+operation+`"`)[0]["traceId"].(string)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		spans = c.Of(id)
		if slices.ContainsFunc(spans, func(s tracetest.Span) bool { return s.Kind == "server" || s.Name == "operation" }) {
			return id, spans
		}
	}
	t.Fatalf("the trace %q of %s has not come: %q", id, operation, tracetest.Paths(spans))
	return "", nil
}

// TestTraces_OfRequests_NestAndHaveNothingOfTheCallers asks a server that sends all its traces to a collector of this
// test's, which wants a credential.
func TestTraces_OfRequests_NestAndHaveNothingOfTheCallers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	value, credential, admin := w.canaries.add("traces"), w.canaries.add("collector"), w.user("acme", authz.Admin)
	collector := &tracetest.Collector{Answer: func(r *http.Request) int {
		if r.Header.Get("X-Collector") != credential || r.URL.Path != "/v1/traces" {
			return http.StatusForbidden
		}
		return http.StatusOK
	}}
	server := httptest.NewServer(collector)
	t.Cleanup(server.Close)
	p := shared.serveWith(t, "traces", "--no-jobs", "--traces-endpoint", server.URL+"/v1/traces", "--traces-sample-ratio", "1",
		"--traces-header", "X-Collector: "+credential)
	bin := w.bin()
	w.address = p.address
	id := w.createSecret("hunter2/key", value)
	w.do(admin, `query Hunted($id: ID!) { hunter2: secret(id: $id) { name } }`, map[string]any{"id": id})
	if a := w.do(admin, `mutation($id: ID!) { revealSecret(input: {secretId: $id, reason: "hunter2"}) { value } }`,
		map[string]any{"id": id}); a.text("data", "revealSecret", "value") != value {
		t.Fatalf("%s", a.body)
	}
	w.landing(admin, bin, "hunter2", map[string]any{"mode": "RESUMABLE"})
	w.fetch(admin, "DELETE", "/secrets/"+id, "", "")
	s := w.open(p.address, admin)
	s.do(`{ auditEvents(first: 1) { nodes { id } } }`, nil)
	for operation, want := range map[string][]string{
		"createSecret": {
			"POST /graphql > mutation > createSecret > BEGIN", "POST /graphql > mutation > createSecret > COMMIT",
			"POST /graphql > mutation > createSecret > Secrets.Activate",
			"POST /graphql > mutation > createSecret > secretmanager AddSecretVersion",
			"POST /graphql > mutation > createSecret > secretmanager CreateSecret",
		},
		"secret": {"POST /graphql", "POST /graphql > query", "POST /graphql > query > secret",
			"POST /graphql > query > secret > Secrets.Get"},
		"revealSecret": {
			"POST /graphql > mutation > revealSecret > Secrets.Reveal",
			"POST /graphql > mutation > revealSecret > secretmanager AccessSecretVersion",
		},
		"createUploadURL": {"POST /graphql > mutation > createUploadURL > storage POST"},
		"deleteSecret": {"DELETE /secrets/{id}", "DELETE /secrets/{id} > mutation",
			"DELETE /secrets/{id} > mutation > deleteSecret",
			"DELETE /secrets/{id} > mutation > deleteSecret > Secrets.Delete"},
		"auditEvents": {"operation", "operation > query > auditEvents > AuditLog.List"},
	} {
		line := map[bool]string{true: "operation", false: "request"}[operation == "auditEvents"]
		_, spans := traceOf(t, p, collector, line, operation)
		paths := tracetest.Paths(spans)
		for _, path := range want {
			if !slices.Contains(paths, path) {
				t.Errorf("of %s there is no %s in\n%s", operation, path, strings.Join(paths, "\n"))
			}
		}
	}
	w.haveNothing(collector.Spans(), value, "hunter2", "127.0.0.1", admin.value, w.name, credential)
	w.until("the traces of the server that other tests ask are in a file", func() bool {
		text, err := os.ReadFile(shared.tracesFile())
		testkit.Must(t, err)
		return bytes.Contains(text, []byte("POST /graphql"))
	})
}

// haveNothing checks that none of these is in any text of the spans, nor an id.
func (w *world) haveNothing(spans []tracetest.Span, texts ...string) {
	w.t.Helper()
	uuid := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	for _, s := range spans {
		all := strings.Join(s.Texts, "\n")
		if uuid.MatchString(all) || s.Events > 0 {
			w.t.Errorf("a span is %+v", s)
		}
		for _, text := range texts {
			if strings.Contains(all, text) {
				w.t.Errorf("%s is in the span %+v", text, s)
			}
		}
	}
	if len(spans) < 20 {
		w.t.Errorf("there are only %d spans", len(spans))
	}
}

// TestTraces_CollectorAway_ChangesNothing has a collector refuse what it is sent, then take it, and at last not answer
// when the server stops.
func TestTraces_CollectorAway_ChangesNothing(t *testing.T) {
	t.Parallel()
	const refuses, takes, hangs = 0, 1, 2
	var does atomic.Int32
	release := make(chan struct{})
	collector := &tracetest.Collector{Answer: func(*http.Request) int {
		switch does.Load() {
		case refuses:
			return http.StatusInternalServerError
		case hangs:
			<-release
		}
		return http.StatusOK
	}}
	server := httptest.NewServer(collector)
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	w := newWorld(t, shared)
	p := shared.serveWith(t, "traces-away", "--traces-endpoint", server.URL+"/v1/traces", "--traces-sample-ratio", "1")
	w.address = p.address
	ask := func() {
		t.Helper()
		if a := w.do(w.user("acme", authz.Viewer), `{ datastores { totalCount } }`, nil); a.code() != "" {
			t.Errorf("%s", a.body)
		}
	}
	ask()
	p.awaitLines(t, 1, "the collector of traces is away", "")
	does.Store(takes)
	ask()
	p.awaitLines(t, 1, "the collector of traces is back", "")
	does.Store(hangs)
	for range 20 {
		ask()
	}
	testkit.Must(t, p.stop())
	if n := len(p.lines(t, "the collector of traces is away", "")); n != 1 || len(p.lines(t, "stopped", "")) != 1 {
		t.Errorf("%s says %d times that it is away: %s", filepath.Base(p.log), n, p.said())
	}
}
