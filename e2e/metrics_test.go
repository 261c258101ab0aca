package e2e

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// metrics reads the metrics of a server that was started with `--metrics-listen 127.0.0.1:0`.
func (w *world) metrics(p *process) string {
	w.t.Helper()
	at := *w
	at.address, _ = p.awaitLines(w.t, 1, "metrics", "")[0]["address"].(string)
	return at.fetch(credential{"User-Agent", "e2e"}, "GET", "/metrics", "", "")
}

// TestMetrics_OfKnownRequests_AreTheirNumbers asks a server without jobs, of which nobody else knows.
func TestMetrics_OfKnownRequests_AreTheirNumbers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	value := w.canaries.add("metrics")
	id, rt, key := w.createSecret("stripe/key", value), w.runtime("acme"), w.apiKey("acme", authz.SecretsInject)
	bin, admin := w.bin(), w.user("acme", authz.Admin)
	p := shared.serveWith(t, "metrics", "--metrics-listen", "127.0.0.1:0", "--no-jobs")
	w.address = p.address
	for range 2 {
		w.do(admin, `mutation($id: ID!) { revealSecret(input: {secretId: $id}) { value } }`, map[string]any{"id": id})
	}
	w.inject(key, injection{secret: id, runtimeKey: rt.id})
	l := w.landing(admin, bin, "hunter2", nil)
	w.do(admin, `mutation($id: ID!) { cancelUpload(input: {uploadId: $id}) { upload { id } } }`, map[string]any{"id": l.id})
	w.do(admin, `{ datastores { totalCount } }`, nil)
	w.do(admin, `{ a: datastores { totalCount } b: secrets { totalCount } }`, nil)
	w.do(admin, `{ __schema { queryType { name } } }`, nil)
	w.do(admin, `{ hunter2 }`, nil)
	w.do(admin, `{ `+strings.Repeat("hunter2: me { id } ", 21)+` }`, nil)
	w.do(credential{"X-API-Key", "hunter2"}, `{ datastores { totalCount } }`, nil)
	w.fetch(admin, "GET", "/secrets/"+id, "", "")
	s := w.open(p.address, admin)
	s.do(`{ auditEvents { nodes { id } } }`, nil)
	text := w.metrics(p)
	for _, want := range []string{
		`data_api_requests_total{code="OK",operation="revealSecret"} 2`,
		`data_api_requests_total{code="OK",operation="injectSecrets"} 1`,
		`data_api_requests_total{code="OK",operation="createUploadURL"} 1`,
		`data_api_requests_total{code="OK",operation="cancelUpload"} 1`,
		`data_api_requests_total{code="OK",operation="datastores"} 1`,
		`data_api_requests_total{code="OK",operation="several"} 1`,
		`data_api_requests_total{code="OK",operation="other"} 1`,
		`data_api_requests_total{code="GRAPHQL_VALIDATION_FAILED",operation="none"} 1`,
		`data_api_requests_total{code="QUERY_TOO_COSTLY",operation="none"} 1`,
		`data_api_requests_total{code="UNAUTHENTICATED",operation="none"} 1`,
		`data_api_requests_total{code="OK",operation="secret"} 1`,
		`data_api_requests_total{code="OK",operation="auditEvents"} 1`,
		`data_api_request_duration_seconds_count{operation="revealSecret"} 2`,
		`data_api_value_cache_reads_total{result="miss"} 1`,
		`data_api_value_cache_reads_total{result="hit"} 2`,
		`data_api_cloud_calls_total{method="AccessSecretVersion",outcome="OK",service="secretmanager"} 1`,
		`data_api_injected_secrets_total 1`,
		`data_api_uploads_total{end="cancelled"} 1`,
		`data_api_open_sockets 1`,
		`data_api_database_up 1`,
		`data_api_database_connections_idle{pool="requests"} `,
		`data_api_build_info{go_version="go`,
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
	uuid := regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	for _, line := range strings.Split(text, "\n") {
		if uuid.MatchString(line) || strings.Contains(line, value) || strings.Contains(line, "hunter2") ||
			strings.Contains(line, "127.0.0.1") || strings.Contains(line, "stripe") {
			t.Errorf("this is a caller's: %s", line)
		}
	}
}

func TestMetrics_OfAServerWithJobs_CountThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	p := shared.serveWith(t, "metrics-jobs", "--metrics-listen", "127.0.0.1:0")
	done := regexp.MustCompile(`data_api_jobs_total\{kind="search",name="deletions",outcome="done"\} [1-9]`)
	w.until("a search is counted", func() bool { return done.MatchString(w.metrics(p)) })
	alerts, err := os.ReadFile("../deploy/prometheus/alerts.yaml")
	testkit.Must(t, err)
	text := w.metrics(p)
	for _, named := range regexp.MustCompile(`name=~?"([^"]+)"`).FindAllStringSubmatch(string(alerts), -1) {
		for _, name := range strings.Split(named[1], "|") {
			if !strings.Contains(text, `name="`+name+`",outcome="failed"} `) {
				t.Errorf("an alert is about %s, which is no job's name", name)
			}
		}
	}
	if !strings.Contains(text, `data_api_database_connections_in_use{pool="jobs"} `) {
		t.Errorf("the pool of jobs is not there: %s", text)
	}
}
