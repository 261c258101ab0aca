package command

import (
	"context"
	"io"

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

	return logged(ctx, serve, c.Serve, s.err)
}

// logged serves with a log whose last line is written, however serving ends.
func logged(ctx context.Context, serve Server, settings config.Serve, w io.Writer) error {
	log, end := bufferedLogger(w, settings.LogLevel)
	defer end()
	return serve(ctx, settings, log, func(string) {})
}
