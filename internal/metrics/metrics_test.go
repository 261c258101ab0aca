package metrics

import (
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// used is metrics of which each was told of something, or asks.
func used() *Metrics {
	m := New()
	m.Build("v1.2.3 abc")
	m.Fields([]string{"datastores", "secret"})
	m.Pool("requests", func() sql.DBStats {
		return sql.DBStats{InUse: 3, Idle: 4, WaitCount: 5, WaitDuration: 1500 * time.Millisecond}
	})
	m.Database(func() bool { return true })
	m.Cache(func() (hits, misses int64) { return 6, 7 })
	m.Waited("points")(300 * time.Millisecond)
	m.Expect("periodic", "audit:partitions")
	m.Job("item", "secrets:rotate", 2*time.Second, nil)
	m.Job("item", "secrets:rotate", time.Second, errors.New("hunter2"))
	m.UploadEnded("completed")
	m.Injected(8)
	m.Call("storage", "GET", "200", 20*time.Millisecond)
	m.Socket(1)
	m.Socket(1)
	m.Socket(-1)
	m.Request("datastores", "", "", 20*time.Millisecond)
	m.Request("datastores", "NOT_FOUND", "", 20*time.Millisecond)
	m.Request("datastores,secret", "", "", time.Second)
	m.Request("__schema", "", "", time.Second)
	m.Request("", "UNAUTHENTICATED", "", time.Second)
	m.Request("", "QUERY_TOO_COSTLY", "max-depth", time.Second)
	return m
}

func get(m *Metrics, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

func TestMetrics_WhatTheyAreTold_IsWhatPrometheusReads(t *testing.T) {
	t.Parallel()
	text := get(used(), "/metrics").Body.String()
	for _, want := range []string{
		`data_api_requests_total{code="OK",operation="datastores"} 1`,
		`data_api_requests_total{code="NOT_FOUND",operation="datastores"} 1`,
		`data_api_requests_total{code="OK",operation="several"} 1`,
		`data_api_requests_total{code="OK",operation="other"} 1`,
		`data_api_requests_total{code="UNAUTHENTICATED",operation="none"} 1`,
		`data_api_limits_hit_total{limit="max-depth"} 1`,
		`data_api_request_duration_seconds_bucket{operation="datastores",le="0.01"} 0`,
		`data_api_request_duration_seconds_bucket{operation="datastores",le="0.025"} 2`,
		`data_api_request_duration_seconds_count{operation="several"} 1`,
		`data_api_database_connections_in_use{pool="requests"} 3`,
		`data_api_database_connections_idle{pool="requests"} 4`,
		`data_api_database_connection_waits_total{pool="requests"} 5`,
		`data_api_database_connection_wait_seconds_total{pool="requests"} 1.5`,
		`data_api_database_up 0`,
		`data_api_value_cache_reads_total{result="hit"} 6`,
		`data_api_value_cache_reads_total{result="miss"} 7`,
		`data_api_queue_wait_seconds_count{queue="points"} 1`,
		`data_api_jobs_total{kind="item",name="secrets:rotate",outcome="done"} 1`,
		`data_api_jobs_total{kind="item",name="secrets:rotate",outcome="failed"} 1`,
		`data_api_jobs_total{kind="periodic",name="audit:partitions",outcome="failed"} 0`,
		`data_api_job_duration_seconds_sum{kind="item",name="secrets:rotate"} 3`,
		`data_api_uploads_total{end="completed"} 1`,
		`data_api_injected_secrets_total 8`,
		`data_api_cloud_calls_total{method="GET",outcome="200",service="storage"} 1`,
		`data_api_cloud_call_duration_seconds_count{method="GET",service="storage"} 1`,
		`data_api_open_sockets 1`,
		`data_api_build_info{go_version="go1.`,
		`process_cpu_seconds_total `,
		`go_goroutines `,
	} {
		if !strings.Contains(text, "\n"+want) {
			t.Errorf("there is no %s in\n%s", want, text)
		}
	}
	if strings.Contains(text, "hunter2") {
		t.Error("an error is in the metrics")
	}
}

func TestMetrics_OtherPaths_AreNotThere(t *testing.T) {
	t.Parallel()
	if w := get(New(), "/"); w.Code != http.StatusNotFound {
		t.Errorf("got %d", w.Code)
	}
	w := httptest.NewRecorder()
	New().Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/metrics", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("got %d", w.Code)
	}
}

var descForm = regexp.MustCompile(`fqName: "([^"]+)".*constLabels: \{([^}]*)\}, variableLabels: \{([^}]*)\}`)

// described are the labels of each metric of ours that a server has, whether or not it counts anything yet.
func described(t *testing.T) map[string][]string {
	t.Helper()
	all := make(chan *prometheus.Desc)
	go func() {
		used().registry.Describe(all)
		close(all)
	}()
	found := map[string][]string{}
	for d := range all {
		parts := descForm.FindStringSubmatch(d.String())
		if parts == nil {
			t.Fatalf("%s is not understood", d)
		}
		if !strings.HasPrefix(parts[1], "data_api_") {
			continue
		}
		labels := regexp.MustCompile(`[a-z_]+`).FindAllString(parts[3], -1)
		for _, pair := range regexp.MustCompile(`([a-z_]+)="`).FindAllStringSubmatch(parts[2], -1) {
			labels = append(labels, pair[1])
		}
		found[parts[1]] = labels
	}
	return found
}

// TestMetrics_Each_IsInTheReference holds the table against the registry, both ways, labels included.
func TestMetrics_Each_IsInTheReference(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/reference/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	metrics := described(t)
	told := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(data_api_[a-z_]+)` \\| [a-z]+ \\| ([^|]*)\\|").
		FindAllStringSubmatch(string(page), -1) {
		told[row[1]] = true
		labels, there := metrics[row[1]]
		if !there {
			t.Errorf("the page has %s, which no server has", row[1])
		}
		if got := regexp.MustCompile("`[a-z_]+`").FindAllString(row[2], -1); len(got) != len(labels) {
			t.Errorf("the page gives %s the labels %v; it has %v", row[1], got, labels)
		}
		for _, label := range labels {
			if !strings.Contains(row[2], "`"+label+"`") {
				t.Errorf("the page does not give %s its label %s", row[1], label)
			}
		}
	}
	for name := range metrics {
		if !told[name] {
			t.Errorf("the page lacks %s", name)
		}
	}
}
