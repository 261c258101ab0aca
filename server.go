// Command data-api is the data plane of ProvenanceOne: datastores and secrets, by GraphQL and REST.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/app"
	"github.com/provenanceone/data-api/internal/command"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/httpserver"
	"github.com/provenanceone/data-api/internal/memory"
)

func main() { os.Exit(command.Run(os.Args[1:], serve)) }

// serve answers requests and does upkeep until ctx has ended and the server has drained: settings → stores → services →
// HTTP.
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

	if err := a.Trace(ctx, command.Version()); err != nil {
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

	a.Metrics.Build(command.Version())
	address := listener.Addr().String()
	log.Info("listening", "address", address, "version", command.Version(), "regions", s.RegionNames())
	ready(address)
	until, drained := httpserver.Drain(ctx, s.DrainFor, log)
	defer drained()
	return run(until, a, s, func(running context.Context) error {
		return httpserver.Run(running, listener, handler, a.Limits(), log)
	}, log)
}

// run does all that a server does at once, until ctx ends or one of it fails.
func run(
	ctx context.Context, a *app.App, s config.Serve, serveHTTP func(context.Context) error, log *slog.Logger,
) error {
	all, running := errgroup.WithContext(ctx)
	all.Go(func() error { return a.Upkeep(running) })
	all.Go(func() error { return serveHTTP(running) })
	all.Go(func() error { a.KeepDenials(running); return nil })
	all.Go(func() error { a.Look(running); return nil })
	all.Go(func() error { return sayStop(running, log) })
	all.Go(func() error { return serveMetrics(running, s.MetricsListen, a, log) })
	err := all.Wait()
	var last sync.WaitGroup
	last.Go(func() { a.LastDenials(ctx) })
	last.Go(func() { a.LastSpans(ctx) })
	last.Wait()
	log.Info("stopped")
	return err
}

// serveMetrics answers Prometheus until ctx ends, if the settings say where.
func serveMetrics(ctx context.Context, address string, a *app.App, log *slog.Logger) error {
	if address == "" {
		return nil
	}

	listener, err := httpserver.Listen(ctx, httpserver.Socket{Address: address, Log: log})
	if err != nil {
		return fmt.Errorf("--metrics-listen: %w", err)
	}

	log.Info("metrics", "address", listener.Addr().String())
	return httpserver.Run(ctx, listener, a.Metrics.Handler(), httpserver.Limits{}, log)
}

// sayStop logs why the server begins to stop: the signal, or what failed.
func sayStop(running context.Context, log *slog.Logger) error {
	<-running.Done()
	log.Info("stopping", "why", context.Cause(running).Error())
	return nil
}
