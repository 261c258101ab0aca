// Package oidc is a small OpenID Connect issuer on loopback, for `dev` mode and tests.
//
// It serves what a verifier asks for, discovery and public keys, and signs people in: by the authorization code flow
// with PKCE, on a page where a click says who to be. Nobody proves who they are: whoever can reach loopback signs in,
// and whoever can read its key mints tokens.
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
	// Audience is what access tokens of sign-ins are meant for.
	Audience string
	// Users are those to choose from, those of a workspace one after the other.
	Users []User
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Log gets each request's method, path and status; nil is silence.
	Log *slog.Logger
}

// Issuer is a running issuer.
type Issuer struct {
	url      string
	audience string
	users    []User
	key      *Key
	memory   *memory
	pages    atomic.Pointer[[]string]
	server   *http.Server
	served   chan error
	closed   sync.Once
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

	if o.Now == nil {
		o.Now = time.Now
	}

	i := &Issuer{
		url:      "http://" + l.Addr().String(),
		audience: o.Audience,
		users:    o.Users,
		key:      key,
		memory:   newMemory(o.Now),
		served:   make(chan error, 1),
	}
	i.server = &http.Server{
		Handler:           logged(o.Log, i.handler()),
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
