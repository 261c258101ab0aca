package command

import (
	"context"
	"io"
	"log/slog"

	"github.com/provenanceone/data-api/internal/config"
)

type serveCommand struct {
	config.Serve
}

// Run checks every setting, then serves until its context ends.
func (c serveCommand) Run(ctx context.Context, serve Server, s streams) error {
	if err := c.Check(); err != nil {
		return err
	}

	return serve(ctx, c.Serve, logger(s.err, c.LogLevel), func(string) {})
}

// logger writes one JSON object a line.
func logger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}
