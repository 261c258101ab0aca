package jobs

import (
	"context"
	"log/slog"
)

// warnings passes on River's warnings and errors: at lower levels River counts its jobs every few seconds.
type warnings struct{ slog.Handler }

// Enabled implements slog.Handler.
func (q warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && q.Handler.Enabled(ctx, level)
}

// WithAttrs implements slog.Handler.
func (q warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{q.Handler.WithAttrs(attrs)}
}

// WithGroup implements slog.Handler.
func (q warnings) WithGroup(name string) slog.Handler { return warnings{q.Handler.WithGroup(name)} }
