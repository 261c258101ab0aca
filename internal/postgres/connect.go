package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/lib/pq"
)

// lifetime is how long a connection is used: what an address leads to changes, by a failover or a larger machine, and
// old connections do not follow.
const lifetime = 30 * time.Minute

// connector makes connections that keep their prepared statements, and that follow the workspace of each context.
type connector struct {
	base *pq.Connector
	at   target
	// ran counts the statements of all connections.
	ran atomic.Int64
	// trips counts the messages that they have sent.
	trips atomic.Int64
	// idle are those that wait in the pool.
	idle idle
	// generation goes up when the connections that there are must not be used again.
	generation atomic.Int64
	lifetime   time.Duration
	outage     outage
}

// connectorTo errors: fault.Invalid if the text is no lib/pq URL or key-value string.
func connectorTo(dsn string) (*connector, error) {
	at, err := configured(dsn)
	if err != nil {
		return nil, err
	}

	base, err := pq.NewConnectorConfig(at.config)
	if err != nil {
		return nil, notUnderstood(err)
	}

	return newConnector(base, at), nil
}

func newConnector(base *pq.Connector, at target) *connector {
	return &connector{base: base, at: at, lifetime: lifetime, outage: outage{log: slog.New(slog.DiscardHandler)}}
}

// Connect implements driver.Connector.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	return c.watched(ctx, c.connect)
}

// watched makes a connection, and notes whether the database is away.
func (c *connector) watched(
	ctx context.Context, connect func(context.Context) (driver.Conn, error),
) (driver.Conn, error) {
	from := time.Now()
	made, err := connect(ctx)
	switch {
	case err == nil:
		c.outage.end()
		return made, nil
	case callerOf(ctx).Err() != nil: // it says nothing of the database
		return nil, err
	}

	return nil, c.outage.begin(from, c.explain(err))
}

func (c *connector) connect(ctx context.Context) (driver.Conn, error) {
	generation := c.generation.Load()
	own, w := *c.base, &wire{
		trips:    &c.trips,
		readOnly: func() { c.generation.CompareAndSwap(generation, generation+1) },
	}
	own.Dialer(w)
	raw, err := own.Connect(callerOf(ctx))
	if err != nil {
		return nil, err
	}

	full, ok := raw.(rawConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("lib/pq: %T lacks a method this package builds on", raw), raw.Close())
	}

	made := &conn{from: c, session: &session{
		rawConn:    full,
		wire:       w,
		statements: map[string]rawStmt{},
		generation: generation,
		until:      time.Now().Add(c.lifetime - rand.N(c.lifetime/4)), //nolint:gosec // it spreads load, it protects nothing
	}}
	watch, ctx := made.watch(ctx)
	if err := watch.end(set(ctx, full, c.at.parameters.set()+ourPlans)); err != nil {
		return nil, errors.Join(err, raw.Close())
	}

	return made, nil
}

// Driver implements driver.Connector.
func (c *connector) Driver() driver.Driver { return c.base.Driver() }
