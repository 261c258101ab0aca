package httpserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// stopTimeout is how long requests may go on once the server is told to stop.
const stopTimeout = 10 * time.Second

type stoppingKey struct{}

// stopping reports whether Run was told to stop the server that a request came in by.
func stopping(ctx context.Context) bool {
	until, ok := ctx.Value(stoppingKey{}).(context.Context)
	return ok && until.Err() != nil
}

// Run serves HTTP on a listener until ctx ends. Then the server is no longer ready, takes no new connections, and lets the requests
// that are under way end by themselves for up to ten seconds.
//
// Errors: what ended serving before ctx did; context.DeadlineExceeded, wrapped, if requests had to be cut off.
func Run(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger) error {
	server := newServer(ctx, handler, log)
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve HTTP: %w", err)
	case <-ctx.Done():
	}
	return errors.Join(stop(context.WithoutCancel(ctx), server), ended(<-served))
}

func stop(ctx context.Context, server *http.Server) error {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("stop serving HTTP: %w", err), server.Close())
	}
	return nil
}

func ended(err error) error {
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve HTTP: %w", err)
}

// newServer bounds every phase of a request: what sends its headers or body a byte at a time is cut off.
// WriteTimeout begins when the headers are read, and so covers the slowest body, the longest request and its answer.
func newServer(ctx context.Context, handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      40 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		// Requests outlive the order to stop, and can see it.
		BaseContext: func(net.Listener) context.Context {
			return context.WithValue(context.WithoutCancel(ctx), stoppingKey{}, ctx)
		},
	}
}
