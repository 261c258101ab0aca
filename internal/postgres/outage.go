package postgres

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// outage logs when the database can no longer be connected to, and when it can again: a line each, however many
// requests fail meanwhile.
type outage struct {
	log   *slog.Logger
	mu    sync.Mutex
	since time.Time
	// back is when a connection was made last, and over is when the last outage ended.
	back, over time.Time
}

func (o *outage) to(log *slog.Logger) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.log = log
}

// begin notes that no connection was made, and returns an error of an outage as one that is in the log. A database that
// is full still works for those who are connected: that is no outage. Nor is what was tried before the last connection
// was made, and failed since; unless it was tried during an outage that is over.
func (o *outage) begin(from time.Time, err error) error {
	if codeIs(err, "53300") {
		return err
	}

	o.mu.Lock()
	defer o.mu.Unlock()
	if o.since.IsZero() && from.After(o.back) {
		o.since = time.Now()
		o.log.Warn("the database is away", "error", err)
	}

	if o.since.IsZero() && !from.Before(o.over) {
		return err
	}

	return fmt.Errorf("%w: %w", fault.ErrOutage, err)
}

// end notes that a connection was made.
func (o *outage) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.back = time.Now()
	if !o.since.IsZero() {
		o.log.Info("the database is back", "away", time.Since(o.since))
		o.since, o.over = time.Time{}, o.back
	}
}

func (o *outage) away() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.since.IsZero()
}

// misconfigured is why the database lets nobody in until an operator changes something. It is for them and not for
// callers: it names roles and databases.
type misconfigured struct {
	say   string
	cause error
}

func (m *misconfigured) Error() string { return m.say + " (" + m.cause.Error() + ")" }
func (m *misconfigured) Unwrap() error { return m.cause }

// explain says what to change where no connection can be made as things are.
func (c *connector) explain(err error) error {
	role, database := c.at.config.User, c.at.config.Database
	var say string
	switch {
	case codeIs(err, "28P01"):
		say = fmt.Sprintf("The database refuses the password of %s: correct the database URL.", role)
	case codeIs(err, "28000"):
		say = fmt.Sprintf("The database does not let %s in: look at the role's name, and at pg_hba.conf.", role)
	case codeIs(err, "3D000"):
		say = fmt.Sprintf("There is no database %q on that server: correct the database URL.", database)
	case codeIs(err, "42501"):
		say = fmt.Sprintf("The role %s may not connect to the database %q: grant it CONNECT.", role, database)
	case strings.Contains(err.Error(), "session is read-only"), strings.Contains(err.Error(), "in hot standby mode"):
		say = readOnly // lib/pq has no code for it
	default:
		return err
	}

	return &misconfigured{say, err}
}

// ForOperator returns an error of Check in the words for whoever starts this server, with names of roles and databases.
func ForOperator(err error) error {
	var m *misconfigured
	if errors.As(err, &m) {
		return fault.New(fault.Unavailable, "%s", m.say).Because(err)
	}

	return unavailable(err)
}
