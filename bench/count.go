package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"sync/atomic"
	"time"
)

// counter passes on what goes between a server and Postgres, and counts the round trips: what the server writes after
// Postgres has answered the write before.
type counter struct {
	listener net.Listener
	postgres string
	trips    atomic.Int64
}

// through starts a counter, and returns the address of the database through it.
func through(ctx context.Context, database, dir string) (*counter, string, error) {
	const socket = ".s.PGSQL.5432"
	u, err := url.Parse(database)
	if err != nil {
		return nil, "", err
	}

	query := u.Query()
	c := &counter{postgres: filepath.Join(query.Get("host"), socket)}
	if c.listener, err = (&net.ListenConfig{}).Listen(ctx, "unix", filepath.Join(dir, socket)); err != nil {
		return nil, "", err
	}

	query.Set("host", dir)
	u.RawQuery = query.Encode()
	go c.serve()
	return c, u.String(), nil
}

func (c *counter) serve() {
	for {
		server, err := c.listener.Accept()
		if err != nil {
			return // it was closed
		}

		go c.pass(server)
	}
}

func (c *counter) pass(server net.Conn) {
	defer func() { _ = server.Close() }()
	postgres, err := net.Dial("unix", c.postgres) //nolint:noctx // it ends with the server's connection
	if err != nil {
		return
	}

	defer func() { _ = postgres.Close() }()
	var answered atomic.Bool
	answered.Store(true)
	go func() {
		_, _ = io.Copy(noting{server, func() { answered.Store(true) }}, postgres)
		_ = server.Close()
	}()
	_, _ = io.Copy(noting{postgres, func() {
		if answered.Swap(false) {
			c.trips.Add(1)
		}
	}}, server)
}

// noting is a writer that says so before it writes.
type noting struct {
	io.Writer
	note func()
}

func (n noting) Write(p []byte) (int, error) {
	n.note()
	return n.Writer.Write(p)
}

// counts are what one operation takes, on the average: round trips to Postgres, and transactions that wrote, whose
// commits wait for the disk.
type counts struct{ trips, commits float64 }

// A few requests are counted over and over, each of which was asked before: so statements are prepared, and what is
// noted once a minute, such as the use of a key, has been.
const (
	warming = 20
	counted = 60
)

// count has one client carry out operations one after the other, of which there is nothing else on the database.
func (w *world) count(ctx context.Context, s side) (n counts, err error) {
	s.requests, s.most = s.requests[:min(len(s.requests), warming)], warming
	if _, err := s.take(ctx, 1, time.Minute); err != nil {
		return n, err
	}

	s.most = counted
	trips, commits, err := w.soFar(ctx)
	if err != nil {
		return n, err
	}

	t, err := s.take(ctx, 1, time.Minute)
	if err != nil {
		return n, err
	}

	tripsAfter, commitsAfter, err := w.soFar(ctx)
	each := func(n int64) float64 { return float64(n) / float64(len(t.took)) }
	return counts{trips: each(tripsAfter - trips), commits: each(commitsAfter - commits)}, err
}

// soFar is how many round trips there were, and how many transactions have begun to write.
func (w *world) soFar(ctx context.Context) (trips, commits int64, err error) {
	err = w.super.QueryRowContext(ctx, `SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint`).Scan(&commits)
	return w.counter.trips.Load(), commits, err
}

// countAll checks and counts both sides of the operations, with servers that do nothing by themselves.
func (w *world) countAll(ctx context.Context, p plan, r *report) error {
	say("Counting round trips and commits: %d of each…", counted)
	for _, o := range w.operations() {
		if !p.has(o) {
			continue
		}

		if err := o.checkAlike(ctx); err != nil { // reads come first, before the sides write what they read
			return fmt.Errorf("%s: %w", o.name, err)
		}

		ours, err := w.count(ctx, o.ours)
		if err != nil {
			return fmt.Errorf("counting %s: %w", o.name, err)
		}

		bare, err := w.count(ctx, o.bare)
		if err := errors.Join(err, w.cancelUploads(ctx)); err != nil {
			return fmt.Errorf("counting the bare side of %s: %w", o.name, err)
		}

		r.counts[o.name] = [2]counts{ours, bare}
	}

	return nil
}
