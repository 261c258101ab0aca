package httpserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// StopTimeout is how long requests may continue once the server begins to stop.
const StopTimeout = 10 * time.Second

// answerTime is what is left for the answer to the slowest request with the slowest body.
const answerTime = 15 * time.Second

type stoppingKey struct{}

// Stopping returns a channel that is closed when the server that accepted the request begins to stop; nil if it never
// does.
func Stopping(ctx context.Context) <-chan struct{} {
	until, ok := ctx.Value(stoppingKey{}).(context.Context)
	if !ok {
		return nil
	}

	return until.Done()
}

// stopping reports whether the server that accepted the request has begun to stop.
func stopping(ctx context.Context) bool {
	until, ok := ctx.Value(stoppingKey{}).(context.Context)
	return ok && until.Err() != nil
}

type drainingKey struct{}

// Drain returns a context that ends `wait` after ctx does: what it is given to goes on meanwhile, and Run says that the
// server is not ready. So whoever sends requests here has time to learn that it should not.
//
// Call done at the end, whichever context has ended.
func Drain(ctx context.Context, wait time.Duration, log *slog.Logger) (until context.Context, done context.CancelFunc) {
	until, cancel := context.WithCancelCause(context.WithValue(context.WithoutCancel(ctx), drainingKey{}, ctx))
	forget := context.AfterFunc(ctx, func() {
		defer func() { cancel(context.Cause(ctx)) }()
		log.Info("draining", "for", wait.String())
		select {
		case <-time.After(wait):
		case <-until.Done():
		}
	})
	return until, func() { forget(); cancel(nil) }
}

// draining reports whether the server that accepted the request was told to stop, and may have begun to.
func draining(ctx context.Context) bool {
	order, ok := ctx.Value(drainingKey{}).(context.Context)
	return ok && order.Err() != nil || stopping(ctx)
}

// Run serves HTTP on a listener until ctx ends. Then the server is no longer ready, takes no new connections, and lets
// the requests that are under way end by themselves for up to ten seconds, those of sockets included. Their contexts
// end when Run does. While a context of Drain drains, the server is not ready, and each answer ends its connection: a
// proxy that keeps connections would else send a request into one just as the server closes it.
//
// Limits are those of DefaultLimits where they are zero.
//
// Errors: what ended serving before ctx did; context.DeadlineExceeded, wrapped, if requests had to be cut off.
func Run(ctx context.Context, listener net.Listener, handler http.Handler, most Limits, log *slog.Logger) error {
	running := &sync.WaitGroup{}
	requests, cut := context.WithCancel(outliving(ctx))
	defer cut()
	server := newServer(ctx, countRequests(running, lastOfConnection(handler)), most.withDefaults(), log)
	server.BaseContext = func(net.Listener) context.Context { return requests }
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}

	return errors.Join(stop(context.WithoutCancel(ctx), server, running), withoutClosed(<-served))
}

func stop(ctx context.Context, server *http.Server, running *sync.WaitGroup) error {
	ctx, cancel := context.WithTimeout(ctx, StopTimeout)
	defer cancel()
	err := server.Shutdown(ctx)
	if err == nil {
		err = wait(ctx, running)
	}

	if err != nil {
		return errors.Join(fmt.Errorf("stop serving HTTP: %w", err), server.Close())
	}

	return nil
}

// countRequests counts the requests that are under way, sockets included: http.Server does not track a connection that
// became a socket.
func countRequests(running *sync.WaitGroup, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		running.Add(1)
		defer running.Done()
		next.ServeHTTP(w, r)
	})
}

// lastOfConnection has each answer of a server that drains end its connection.
func lastOfConnection(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if draining(r.Context()) {
			w.Header().Set("Connection", "close")
		}

		next.ServeHTTP(w, r)
	})
}

func wait(ctx context.Context, running *sync.WaitGroup) error {
	done := make(chan struct{})
	go func() {
		running.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func withoutClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}

	return fmt.Errorf("serve HTTP: %w", err)
}

// newServer bounds every phase of a request: what sends its headers or body a byte at a time is cut off.
// WriteTimeout begins when the headers are read, and so covers the slowest body, the longest request and its answer.
func newServer(ctx context.Context, handler http.Handler, most Limits, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: most.Headers,
		ReadTimeout:       most.Body,
		WriteTimeout:      most.Body + most.Request + answerTime,
		IdleTimeout:       most.Idle,
		MaxHeaderBytes:    most.HeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		BaseContext:       func(net.Listener) context.Context { return outliving(ctx) },
	}
}

// outliving returns the context of requests: they outlive the order to stop, and can see it.
func outliving(ctx context.Context) context.Context {
	return context.WithValue(context.WithoutCancel(ctx), stoppingKey{}, ctx)
}
