// Package metrics counts what the server does, and answers Prometheus.
//
// It knows nothing of the product: others tell it what happened, or are asked when the metrics are read. No label has a
// value that a caller made up: each is of a closed list, or a name of the contract.
package metrics

import (
	"net/http"
	"runtime"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics are those of one server, in a registry of their own.
type Metrics struct {
	registry *prometheus.Registry
	// fields are the root fields of the contract.
	fields map[string]bool

	requests     *prometheus.CounterVec
	requestTimes *prometheus.HistogramVec
	limits       *prometheus.CounterVec
	build        *prometheus.GaugeVec
	waits        *prometheus.HistogramVec
	jobs         *prometheus.CounterVec
	jobTimes     *prometheus.HistogramVec
	uploads      *prometheus.CounterVec
	injected     prometheus.Counter
	calls        *prometheus.CounterVec
	callTimes    *prometheus.HistogramVec
	sockets      prometheus.Gauge
}

// seconds are the buckets of what a caller waits for: a request ends after ten seconds.
var seconds = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// jobSeconds are the buckets of jobs: an item may take a minute, a comparison hours.
var jobSeconds = []float64{0.01, 0.1, 1, 10, 60, 600, 3600}

// New returns metrics that are all zero.
func New() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: counters("data_api_requests_total",
			"Requests, and operations on sockets, that have ended.", "operation", "code"),
		requestTimes: histograms("data_api_request_duration_seconds",
			"How long requests, and operations on sockets, took.", seconds, "operation"),
		limits: counters("data_api_limits_hit_total", "Requests that were refused because they hit a limit.", "limit"),
		build: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "data_api_build_info",
			Help: "Always 1; the labels say what runs."}, []string{"version", "go_version"}),
		waits: histograms("data_api_queue_wait_seconds",
			"How long those who had to wait for a share of the server waited.", seconds, "queue"),
		jobs: counters("data_api_jobs_total", "Jobs that this server has done.", "kind", "name", "outcome"),
		jobTimes: histograms("data_api_job_duration_seconds", "How long jobs took.", jobSeconds,
			"kind", "name"),
		uploads: counters("data_api_uploads_total", "Uploads that have ended.", "end"),
		injected: prometheus.NewCounter(prometheus.CounterOpts{Name: "data_api_injected_secrets_total",
			Help: "Secrets that runs were given."}),
		calls: counters("data_api_cloud_calls_total", "Calls of Google Cloud.", "service", "method", "outcome"),
		callTimes: histograms("data_api_cloud_call_duration_seconds", "How long calls of Google Cloud took.", seconds,
			"service", "method"),
		sockets: prometheus.NewGauge(prometheus.GaugeOpts{Name: "data_api_open_sockets",
			Help: "WebSockets that are open."}),
	}
	m.registry.MustRegister(m.requests, m.requestTimes, m.limits, m.build, m.waits, m.jobs, m.jobTimes, m.uploads,
		m.injected, m.calls, m.callTimes, m.sockets,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

func histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
}

// Handler answers `GET /metrics`, and nothing else.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	return mux
}

// Build says which version runs.
func (m *Metrics) Build(version string) { m.build.WithLabelValues(version, runtime.Version()).Set(1) }

// Fields names the root fields of the contract, by which requests are counted. Call it before the first request.
func (m *Metrics) Fields(names []string) {
	m.fields = map[string]bool{}
	for _, name := range names {
		m.fields[name] = true
	}
}

// Request counts a request, or an operation on a socket. operation has the names of the root fields that ran, joined by
// commas; code is that of the first error, or empty; limit is the name of the one that was hit, or empty.
func (m *Metrics) Request(operation, code, limit string, took time.Duration) {
	operation = m.label(operation)
	if code == "" {
		code = "OK"
	}

	if limit != "" {
		m.limits.WithLabelValues(limit).Inc()
	}

	m.requests.WithLabelValues(operation, code).Inc()
	m.requestTimes.WithLabelValues(operation).Observe(took.Seconds())
}

// label keeps the values of a label few: what asks for several fields counts as that.
func (m *Metrics) label(operation string) string {
	switch {
	case operation == "":
		return "none"
	case strings.Contains(operation, ","):
		return "several"
	case m.fields[operation]:
		return operation
	}

	return "other"
}

// Waited returns what counts the waits of a queue.
func (m *Metrics) Waited(queue string) func(took time.Duration) {
	waits := m.waits.WithLabelValues(queue)
	return func(took time.Duration) { waits.Observe(took.Seconds()) }
}

// Job counts a job of a kind, by the name of its batch or its own.
func (m *Metrics) Job(kind, name string, took time.Duration, err error) {
	outcome := "done"
	if err != nil {
		outcome = "failed"
	}

	m.jobs.WithLabelValues(kind, name, outcome).Inc()
	m.jobTimes.WithLabelValues(kind, name).Observe(took.Seconds())
}

// Expect has the counters of a job begin at zero, so that its first failure is an increase.
func (m *Metrics) Expect(kind, name string) {
	m.jobs.WithLabelValues(kind, name, "done")
	m.jobs.WithLabelValues(kind, name, "failed")
}

// UploadEnded counts an upload, by how it ended.
func (m *Metrics) UploadEnded(end string) { m.uploads.WithLabelValues(end).Inc() }

// Injected counts secrets that a run was given.
func (m *Metrics) Injected(n int) { m.injected.Add(float64(n)) }

// Call counts a call of a cloud. outcome is a status, or a word for none.
func (m *Metrics) Call(service, method, outcome string, took time.Duration) {
	m.calls.WithLabelValues(service, method, outcome).Inc()
	m.callTimes.WithLabelValues(service, method).Observe(took.Seconds())
}

// Socket counts one more WebSocket, or with -1 one less.
func (m *Metrics) Socket(more int) { m.sockets.Add(float64(more)) }
