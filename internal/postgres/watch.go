package postgres

import (
	"context"
	"database/sql/driver"
	"net"
	"sync/atomic"
	"time"

	"github.com/provenanceone/data-api/internal/trace"
)

// A context that can be cancelled costs two goroutines a statement: one in lib/pq, one in database/sql. So neither is
// given one. The connection itself watches the caller's context, without a goroutine, and is closed when it ends:
// lib/pq gives up at once, the connection is not used again, and Postgres ends a statement whose client has gone
// within client_connection_check_interval.

// wire is the network connection below a connection of lib/pq.
type wire struct {
	net.Conn
	// cut is whether it was closed because a caller had gone.
	cut atomic.Bool
	// unfit is whether the server said that it does not go on here.
	unfit atomic.Bool
	// trips counts messages to the server; each is answered before the next.
	trips *atomic.Int64
	// readOnly is called when the server takes no writes.
	readOnly func()
}

// DialContext is what lib/pq connects by.
func (w *wire) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	made, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}

	w.Conn = made
	return w, nil
}

// Dial is there for lib/pq's interface, which asks for it and does not call it.
func (w *wire) Dial(network, address string) (net.Conn, error) {
	return w.DialContext(context.Background(), network, address)
}

// DialTimeout is there for the same reason.
func (w *wire) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return w.DialContext(ctx, network, address)
}

// Write sends a message.
func (w *wire) Write(message []byte) (int, error) {
	w.trips.Add(1)
	return w.Conn.Write(message)
}

// note marks the connection as unfit if the server is read-only, as a failover leaves it, shuts down or recovers:
// asking it again does not help.
func (w *wire) note(err error) {
	if codeIs(err, "57P01", "57P02", "57P03") {
		w.unfit.Store(true)
	}

	if codeIs(err, "25006") {
		w.unfit.Store(true)
		w.readOnly()
	}
}

func (w *wire) sever() {
	w.cut.Store(true)
	_ = w.Close() // nobody reads from it any more
}

// watch closes the connection if the caller goes before end is called.
type watch struct {
	wire   *wire
	caller context.Context
	stop   func() bool
	// span is of what is watched, and ends with it; nil for none.
	span *trace.Span
}

func (w *wire) watch(caller context.Context) watch {
	return watch{wire: w, caller: caller, stop: context.AfterFunc(caller, w.sever)}
}

// end ends the watch, which may have ended before. An operation that failed because its caller had gone returns why the
// caller went.
func (w watch) end(err error) error {
	w.wire.note(err)
	if stopped := w.stop(); !stopped && err != nil && w.caller.Err() != nil {
		err = w.caller.Err()
	}

	endSpan(w.span, err)
	return err
}

// watchedRows are read while their caller waits.
type watchedRows struct {
	driver.Rows
	watch watch
}

// Next reads a row. At the end lib/pq says io.EOF, which is no failure.
func (r *watchedRows) Next(row []driver.Value) error {
	err := r.Rows.Next(row)
	if err != nil {
		return r.watch.end(err)
	}

	return nil
}

// Close reads what is left, and ends the watch.
func (r *watchedRows) Close() error { return r.watch.end(r.Rows.Close()) }
