package metrics

import (
	"database/sql"

	"github.com/prometheus/client_golang/prometheus"
)

// Pool has a pool of connections asked whenever the metrics are read. Call it once for each name.
func (m *Metrics) Pool(name string, stats func() sql.DBStats) {
	pool := prometheus.Labels{"pool": name}
	m.gauge("data_api_database_connections_in_use", "Connections to the database that are used.", pool,
		func() float64 { return float64(stats().InUse) })
	m.gauge("data_api_database_connections_idle", "Connections to the database that are open and not used.", pool,
		func() float64 { return float64(stats().Idle) })
	m.counter("data_api_database_connection_waits_total", "How often a connection was waited for.", pool,
		func() float64 { return float64(stats().WaitCount) })
	m.counter("data_api_database_connection_wait_seconds_total", "How long connections were waited for.", pool,
		func() float64 { return stats().WaitDuration.Seconds() })
}

// Database has it asked, whenever the metrics are read, whether the database is away.
func (m *Metrics) Database(away func() bool) {
	m.gauge("data_api_database_up", "1 while the database can be connected to, else 0.", nil, func() float64 {
		if away() {
			return 0
		}

		return 1
	})
}

// Cache has the cache of values asked whenever the metrics are read.
func (m *Metrics) Cache(reads func() (hits, misses int64)) {
	const (
		name = "data_api_value_cache_reads_total"
		help = "Reads of secrets' values, by whether the cache had the value."
	)
	m.counter(name, help, prometheus.Labels{"result": "hit"}, func() float64 {
		hits, _ := reads()
		return float64(hits)
	})
	m.counter(name, help, prometheus.Labels{"result": "miss"}, func() float64 {
		_, misses := reads()
		return float64(misses)
	})
}

func (m *Metrics) gauge(name, help string, labels prometheus.Labels, ask func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, ask))
}

func (m *Metrics) counter(name, help string, labels prometheus.Labels, ask func() float64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(
		prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}, ask))
}
