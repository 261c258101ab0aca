// Command data-api is the data plane of ProvenanceOne: datastores and secrets, by GraphQL and REST.
package main

import (
	"context"
	"errors"
	"log/slog"
	"os"

	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/app"
	"github.com/provenanceone/data-api/internal/command"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/httpserver"
	"github.com/provenanceone/data-api/internal/memory"
)

func main() { os.Exit(command.Run(os.Args[1:], serve)) }

// serve answers requests and does upkeep until ctx ends: settings → stores → services → HTTP.
func serve(ctx context.Context, s config.Serve, log *slog.Logger, ready func(address string)) (err error) {
	memory.GrowHeap()
	if err := memory.NoCoreDumps(); err != nil {
		return err
	}

	a, err := app.Open(ctx, s, log)
	defer func() { err = errors.Join(err, a.Close()) }()
	if err != nil {
		return err
	}

	credentials, err := a.Credentials()
	if err != nil {
		return err
	}
	defer credentials.Close()

	listener, err := httpserver.Listen(ctx, httpserver.Socket{
		Address:         s.Listen,
		CertificateFile: s.TLSCertificateFile,
		KeyFile:         s.TLSKeyFile,
		Log:             log,
	})
	if err != nil {
		return err
	}

	notices, stop, err := a.Notices()
	if err != nil {
		return err
	}
	defer stop()

	handler, err := a.Handler(credentials, notices)
	if err != nil {
		return err
	}

	log.Info("listening", "address", listener.Addr().String())
	ready(listener.Addr().String())
	all, running := errgroup.WithContext(ctx)
	all.Go(func() error { return a.Upkeep(running) })
	all.Go(func() error { return httpserver.Run(running, listener, handler, log) })
	all.Go(func() error { a.KeepDenials(running); return nil })
	all.Go(func() error { a.Look(running); return nil })
	err = all.Wait()
	a.LastDenials(ctx)
	return err
}
