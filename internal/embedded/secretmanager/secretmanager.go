// Package secretmanager is Google Secret Manager v1 on loopback, for `dev` mode and tests.
//
// It speaks the real gRPC protocol, and keeps what it acknowledged across a kill. It serves the calls that
// internal/secretmanager makes, on regional secrets and their versions by number; every other call is UNIMPLEMENTED.
// With a lag it is late where Google may be late: lists show what was made, destroyed or deleted later than it
// happened. A version that was added can be accessed by its number at once.
package secretmanager

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"github.com/tink-crypto/tink-go/v2/tink"
	"google.golang.org/grpc"

	"github.com/provenanceone/data-api/internal/fault"
)

// Options say where the emulator listens and what it keeps where.
type Options struct {
	// Dir holds the store and the keyset that opens it; it is created with mode 0700.
	Dir string
	// Listen is host:port; the host must be a loopback address or localhost.
	Listen string
	// Bearer is what each call must carry as `authorization: Bearer …`.
	Bearer string
	// Permissions are what the bearer may do in the project, by IAM's names; nil is everything.
	Permissions []string
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Lag is how late lists show what happened.
	Lag time.Duration
	// Log gets the method and code of each call, never a payload; nil is silence.
	Log *slog.Logger
}

// Server is a running emulator.
type Server struct {
	secretmanagerpb.UnimplementedSecretManagerServiceServer
	store       *store
	aead        tink.AEAD
	bearer      []byte
	permissions []string
	now         func() time.Time
	lag         time.Duration
	log         *slog.Logger
	grpc        *grpc.Server
	listen      net.Listener
	served      chan error
	closed      sync.Once
}

// Start opens the store and serves it until Close; the context bounds the start alone.
//
// Errors: fault.Invalid if Listen is not loopback, Bearer or Dir is empty, or the keyset of an existing store is
// missing or readable by others.
func Start(ctx context.Context, o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, err
	}

	s := &Server{
		bearer:      []byte("Bearer " + o.Bearer),
		permissions: o.Permissions,
		now:         o.Now,
		lag:         o.Lag,
		log:         o.Log,
		served:      make(chan error, 1),
	}
	if s.now == nil {
		s.now = time.Now
	}

	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}

	if err := s.open(ctx, o); err != nil {
		return nil, err
	}

	s.grpc = grpc.NewServer(grpc.WaitForHandlers(true), grpc.UnaryInterceptor(s.guard))
	secretmanagerpb.RegisterSecretManagerServiceServer(s.grpc, s)
	go func() { s.served <- s.grpc.Serve(s.listen) }()
	return s, nil
}

func (o Options) check() error {
	host, _, err := net.SplitHostPort(o.Listen)
	if ip := net.ParseIP(host); err != nil || host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fault.New(fault.Invalid, "The emulated Secret Manager listens on loopback only, not on %q.", o.Listen)
	}

	if o.Bearer == "" || o.Dir == "" {
		return fault.New(fault.Invalid, "The emulated Secret Manager needs a directory and a bearer.")
	}

	return nil
}

func (s *Server) open(ctx context.Context, o Options) (err error) {
	if s.store, s.aead, err = openStore(o.Dir); err != nil {
		return err
	}

	s.listen, err = new(net.ListenConfig).Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("listening: %w", err), s.store.close())
	}

	return nil
}

// Addr returns the host:port it listens on.
func (s *Server) Addr() string { return s.listen.Addr().String() }

// Close ends the calls that are running, then the store. It may be called more than once.
func (s *Server) Close() (err error) {
	s.closed.Do(func() {
		s.grpc.Stop()
		if err = <-s.served; errors.Is(err, grpc.ErrServerStopped) {
			err = nil
		}

		err = errors.Join(err, s.store.close())
	})
	return err
}

func (s *Server) knows(authorization []string) bool {
	return len(authorization) == 1 && subtle.ConstantTimeCompare([]byte(authorization[0]), s.bearer) == 1
}
