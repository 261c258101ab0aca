// Package gcs is a small Google Cloud Storage, with the one method of IAM that signs its URLs, that speaks the wire
// protocol on loopback and keeps its state on disk.
//
// It checks what the real service checks: bearer tokens, V4 signatures with every signed header, preconditions,
// checksums and lengths. What it acknowledged survives a kill; what it did not acknowledge was never there.
package gcs

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

const (
	headerTimeout  = 5 * time.Second
	idleTimeout    = 60 * time.Second
	closeGrace     = 5 * time.Second
	maxHeaderBytes = 32 << 10
)

// Server is a running emulator.
type Server struct {
	opts     Options
	store    *store
	verifier verifier
	listener net.Listener
	http     *http.Server
	handlers sync.WaitGroup
	served   chan struct{}
	closing  sync.Once
	closed   error
	sessions busy
	pusher   *pusher
}

// Start runs an emulator on its state directory until Close; ctx bounds the start only.
//
// Errors: an address that is not loopback; a directory that another emulator has open.
// Effects: files that a crash left half-written are removed.
func Start(ctx context.Context, o Options) (*Server, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}

	st, err := openStore(o.Dir, o.Now)
	if err != nil {
		return nil, err
	}

	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listening on %s: %w", o.Listen, err), st.close())
	}

	s := &Server{opts: o, store: st, listener: listener, served: make(chan struct{}), pusher: newPusher(o.Mint)}
	s.verifier = verifier{signers: o.Signers, managed: st.keptKey, now: o.Now}
	s.http = &http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	go s.serve()
	return s, nil
}

func (s *Server) serve() {
	defer close(s.served)
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		s.opts.Log.Error("the storage emulator stopped", "error", err)
	}
}

// URL is where the emulator answers, without a slash at the end.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Close ends the emulator: requests under way get five seconds to finish. A second Close is no error.
func (s *Server) Close() error {
	s.closing.Do(func() { s.closed = s.shutdown() })
	return s.closed
}

func (s *Server) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeGrace)
	defer cancel()
	err := s.http.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.http.Close()
	}

	<-s.served
	s.handlers.Wait()
	s.pusher.close()
	return errors.Join(err, s.store.close())
}
