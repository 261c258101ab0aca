// Package oidc is a small OpenID Connect issuer on loopback, for `dev` mode and tests.
//
// It serves what a verifier asks for, discovery and public keys, and a demo user's token to the pages that
// OfferDemoToken names. Whoever can read its key mints tokens.
package oidc

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// Options say where the issuer listens and where its key is.
type Options struct {
	// Dir holds the signing key; it is created with mode 0700.
	Dir string
	// Listen is host:port; the host must be 127.0.0.1 or localhost, because the issuer's URL says 127.0.0.1.
	Listen string
	// Log gets each request's method, path and status; nil is silence.
	Log *slog.Logger
}

// Issuer is a running issuer.
type Issuer struct {
	url    string
	server *http.Server
	served chan error
	closed sync.Once
	demo   atomic.Pointer[demo]
}

// Start serves the issuer until Close; the context bounds the start alone.
//
// Errors: fault.Invalid if Listen is not loopback, or the key is readable by others.
func Start(ctx context.Context, o Options) (*Issuer, error) {
	host, port, err := net.SplitHostPort(o.Listen)
	if err != nil || host != "127.0.0.1" && host != "localhost" {
		return nil, fault.New(fault.Invalid, "The embedded issuer listens on 127.0.0.1 only, not on %q.", o.Listen)
	}

	key, err := LoadKey(o.Dir)
	if err != nil {
		return nil, err
	}

	l, err := new(net.ListenConfig).Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}

	i := &Issuer{url: "http://" + l.Addr().String(), served: make(chan error, 1)}
	i.server = &http.Server{
		Handler:           logged(o.Log, i.handler(key)),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	go func() { i.served <- i.server.Serve(l) }()
	return i, nil
}

// URL returns the issuer's name, `http://127.0.0.1:PORT`.
func (i *Issuer) URL() string { return i.url }

// Close ends the issuer at once. It may be called more than once.
func (i *Issuer) Close() (err error) {
	i.closed.Do(func() {
		err = i.server.Close()
		if served := <-i.served; !errors.Is(served, http.ErrServerClosed) {
			err = errors.Join(err, served)
		}
	})
	return err
}
