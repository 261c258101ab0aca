package postgres

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/fault"
)

// backstops hold when a context does not, and where the database's URL does not say otherwise. All are in milliseconds.
var backstops = parameters{
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

// target is what a database URL says.
type target struct {
	config pq.Config
	// parameters are those that a session keeps for its whole life.
	parameters parameters
	// turn is how long somebody waits for a connection.
	turn time.Duration
}

// configured reads a lib/pq URL or key-value string.
//
// Errors: fault.Invalid.
func configured(dsn string) (target, error) {
	config, err := parse(dsn)
	if err != nil {
		return target{}, err
	}

	at := target{config: config, parameters: maps.Clone(backstops), turn: defaultTurn}
	at.config.ConnectTimeout = cmp.Or(config.ConnectTimeout, connectTimeout)
	at.config.Runtime = nil
	maps.Copy(at.parameters, config.Runtime)
	given, ours := at.parameters[turnTimeout]
	if !ours {
		return at, nil
	}

	delete(at.parameters, turnTimeout)
	n, err := strconv.Atoi(given)
	if err != nil || n < 1 {
		return at, fault.New(fault.Invalid, "In the database URL, %s is a number of milliseconds.", turnTimeout)
	}

	at.turn = time.Duration(n) * time.Millisecond
	return at, nil
}

// parse reads a lib/pq URL or key-value string; unless it says otherwise, only a server that takes writes will do.
//
// Errors: fault.Invalid.
func parse(dsn string) (pq.Config, error) {
	config, err := pq.NewConfig(dsn)
	if err != nil {
		return config, notUnderstood(err)
	}

	config.TargetSessionAttrs = cmp.Or(config.TargetSessionAttrs, pq.TargetSessionAttrsReadWrite)
	return config, nil
}

// parameters are names and values. They are set on each new session, not at its start-up: poolers refuse parameters
// there that they do not know, or drop them.
type parameters map[string]string

// set is the statement that sets them.
func (p parameters) set() string { return "SELECT " + p.each("set_config(%s, %s, false)") + "; " }

// differing is an expression for the names of those that a session does not have. It compares with what Postgres itself
// makes of a value (5s of 5000), which it sets for no longer than the statement. What ourPlans overrides is not among
// them.
func (p parameters) differing() string {
	kept := maps.Clone(p)
	maps.DeleteFunc(kept, func(name, _ string) bool { return strings.Contains(ourPlans, "SET "+name+" ") })
	return "concat_ws(', ', " + kept.each(
		"CASE WHEN current_setting(%[1]s, true) IS DISTINCT FROM set_config(%[1]s, %[2]s, true) THEN %[1]s END") + ")"
}

// each writes something for each of them, with the literals of its name and value.
func (p parameters) each(format string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(p)) {
		all = append(all, fmt.Sprintf(format, pq.QuoteLiteral(name), pq.QuoteLiteral(p[name])))
	}

	return strings.Join(all, ", ")
}

func notUnderstood(err error) error {
	return fault.New(fault.Invalid, "The database URL is not one that lib/pq understands.").Because(err)
}
