// Package dev is the commands that run everything on one machine, `dev` and `backends`: embedded backends, demo
// workspaces with a user of each role, and the API on them.
//
// Only a binary built with `-tags dev` has these commands (internal/command/dev.go): a release links none of the
// embedded backends. An instance keeps everything in its state directory, with what other processes need to know of it.
package dev

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/provenanceone/data-api/internal/config"
	embeddedpostgres "github.com/provenanceone/data-api/internal/embedded/postgres"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/postgres"
)

// Server runs the API until ctx ends, as `serve` does. It calls ready once it listens.
type Server func(ctx context.Context, s config.Serve, log *slog.Logger, ready func(address string)) error

// Streams are where a command writes: results to Out, everything else to Err.
type Streams struct {
	Out, Err io.Writer
}

// Command is `data-api dev`.
type Command struct {
	Run   runCommand   `cmd:"" default:"withargs" help:"Start everything (the default)."`
	Token tokenCommand `cmd:"" help:"Print a token of a demo user, and nothing else."`
	Key   keyCommand   `cmd:"" help:"Print a new API key of a demo workspace, and nothing else."`
	Env   envCommand   `cmd:"" help:"Print shell variables that name the running instance: eval \"$(data-api dev env)\"."`
	Reset resetCommand `cmd:"" help:"Forget everything that the instance keeps."`
}

type runCommand struct {
	stateDir
	Listen string `env:"-" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen, on loopback (${default})."`
}

// Run starts backends, migrates, seeds, and then serves as production does.
func (c runCommand) Run(ctx context.Context, serve Server, s Streams) error {
	began := time.Now()
	if !config.ListensOnLoopback(c.Listen) {
		return fault.New(fault.Invalid,
			"--listen %s: `dev` has no real identities and listens on loopback only.", c.Listen)
	}

	if err := free(ctx, c.Listen); err != nil {
		return err
	}

	dir, err := c.path()
	if err != nil {
		return err
	}

	if err := os.MkdirAll(dir, 0o711); err != nil { //nolint:gosec // Postgres runs as another account below it
		return err
	}

	logFile, err := os.OpenFile(filepath.Join(dir, "data-api.log"), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}

	log := slog.New(slog.NewJSONHandler(logFile, nil))
	fmt.Fprintln(s.Out, "Starting the embedded backends…")
	b, err := startBackends(ctx, dir, log, progress(s.Out))
	if err != nil {
		return errors.Join(err, logFile.Close())
	}

	err = c.serve(ctx, b, serve, log, func(address string) {
		banner(s.Out, address, dir, c.StateDir != "", time.Since(began))
	})
	err = errors.Join(err, b.stop(context.WithoutCancel(ctx)), logFile.Close())
	if err == nil {
		fmt.Fprintf(s.Out, "\nStopped. Your data stays in %s.\n", dir)
	}

	return err
}

func (c runCommand) serve(
	ctx context.Context, b *backends, serve Server, log *slog.Logger, ready func(address string),
) error {
	if _, err := postgres.Migrate(ctx, b.MigrateDatabaseURL); err != nil {
		return fmt.Errorf("migrating: %w", err)
	}

	if err := seed(ctx, b.instance); err != nil {
		return fmt.Errorf("seeding: %w", err)
	}

	settings := b.settings(c.Listen)
	settings.MigrateDatabaseURL = "" // migrated just now
	return serve(ctx, settings, log, func(address string) {
		b.Listen = address
		if err := b.save(b.dir); err != nil {
			log.Warn("the instance's address was not kept: `dev key` will not find it", "error", err)
		}

		if err := b.subscribe(ctx, address); err != nil {
			log.Warn("storage does not tell what lands: uploads are settled when they are read, or swept", "error", err)
		}

		b.allowPages(address)
		ready(address)
	})
}

// free checks that nobody listens at the address; the error says what to do.
func free(ctx context.Context, address string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fault.New(fault.Conflict, "Cannot listen on %s: choose another address, for example make run "+
			"ARGS='--listen 127.0.0.1:8081'.", address).Because(err)
	}

	return listener.Close()
}

type resetCommand struct {
	stateDir
}

// Run removes the state directory, unless something runs on it.
func (c resetCommand) Run(ctx context.Context, s Streams) error {
	dir, err := c.path()
	if err != nil {
		return err
	}

	if _, err := os.Stat(filepath.Join(dir, "instance.json")); errors.Is(err, os.ErrNotExist) {
		_, err := fmt.Fprintf(s.Out, "Nothing to forget: there is no instance in %s.\n", dir)
		return err
	}

	if err := embeddedpostgres.Remove(ctx, filepath.Join(dir, "postgres")); err != nil {
		return fmt.Errorf("the instance in %s was not forgotten: %w", dir, err)
	}

	if err := os.RemoveAll(dir); err != nil {
		return err
	}

	_, err = fmt.Fprintf(s.Out, "Forgotten: %s.\n", dir)
	return err
}
