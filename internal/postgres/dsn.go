package postgres

import (
	"cmp"
	"strconv"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/fault"
)

// backstops hold when a context does not, and where the database's URL does not say otherwise. All are in milliseconds.
var backstops = map[string]string{
	"statement_timeout":                   "5000",
	"lock_timeout":                        "2000",
	"idle_in_transaction_session_timeout": "15000",
	"client_connection_check_interval":    "500",
}

const (
	connectTimeout = 5 * time.Second
	// turnTimeout is a parameter of the URL that is this package's own: how long somebody waits for a connection, in
	// milliseconds. Postgres takes any name with a dot.
	turnTimeout, defaultTurn = "data_api.turn_timeout", 8 * time.Second
)

// configured reads a lib/pq URL or key-value string, and how long somebody waits for a connection.
//
// Errors: fault.Invalid.
func configured(dsn string) (config pq.Config, turn time.Duration, err error) {
	config, err = pq.NewConfig(dsn)
	if err != nil {
		return config, 0, notUnderstood(err)
	}

	config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectTimeout)
	if config.Runtime == nil {
		config.Runtime = map[string]string{}
	}

	for name, limit := range backstops {
		config.Runtime[name] = cmp.Or(config.Runtime[name], limit)
	}

	given, ours := config.Runtime[turnTimeout]
	if !ours {
		return config, defaultTurn, nil
	}

	delete(config.Runtime, turnTimeout)
	n, err := strconv.Atoi(given)
	if err != nil || n < 1 {
		return config, 0, fault.New(fault.Invalid, "In the database URL, %s is a number of milliseconds.", turnTimeout)
	}

	return config, time.Duration(n) * time.Millisecond, nil
}

func notUnderstood(err error) error {
	return fault.New(fault.Invalid, "The database URL is not one that lib/pq understands.").Because(err)
}
