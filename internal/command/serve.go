package command

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"

	"github.com/alecthomas/kong"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/fault"
)

type serveCommand struct {
	config.Serve
}

// Run checks every setting, then serves until its context ends. A variable that is no setting is told: with the
// settings that are wrong, because one of them may be missing for it, else as a warning.
func (c serveCommand) Run(ctx context.Context, serve Server, s streams, parsed *kong.Context) error {
	stray := strayVariables(os.Environ(), parsed.Model)
	if err := c.Check(); err != nil {
		for _, says := range stray {
			err = errors.Join(err, fault.New(fault.Invalid, "%s", says))
		}

		return err
	}

	return logged(ctx, func(ctx context.Context, s config.Serve, log *slog.Logger, ready func(string)) error {
		for _, says := range stray {
			log.Warn(says)
		}

		return serve(ctx, s, log, ready)
	}, c.Serve, s.err)
}

// logged serves with a log whose last line is written, however serving ends.
func logged(ctx context.Context, serve Server, settings config.Serve, w io.Writer) error {
	log, end := bufferedLogger(w, settings.LogLevel)
	defer end()
	return serve(ctx, settings, log, func(string) {})
}
