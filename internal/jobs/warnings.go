package jobs

import (
	"context"
	"database/sql/driver"
	"errors"
	"log/slog"
	"slices"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// detailTexts are parts of errors that come of a connection that was lost or could not be made, or of what was under
// way when this server was stopped. River logs errors as text, so no chain of theirs can be looked at.
var detailTexts = []string{
	context.Canceled.Error(),
	fault.ErrOutage.Error(),
	"driver: bad connection",
	"(57P01)", "(57P02)", "(57P03)",
	"EOF", "connection reset by peer", "broken pipe",
}

// warnings passes on River's warnings and errors: at lower levels River counts its jobs every few seconds. Those of an
// outage are details, for a line when it begins and one when it ends are in the log; so are those of a stop.
type warnings struct{ slog.Handler }

// Handle implements slog.Handler.
func (q warnings) Handle(ctx context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if isDetail(a.Value.String()) {
			r.Level = slog.LevelDebug
		}

		return r.Level != slog.LevelDebug
	})
	if !q.Handler.Enabled(ctx, r.Level) {
		return nil
	}

	return q.Handler.Handle(ctx, r)
}

func isDetail(text string) bool {
	return slices.ContainsFunc(detailTexts, func(part string) bool { return strings.Contains(text, part) })
}

// levelOf is how loud an error is in the log: one of an outage is a detail. What a job's other stores answer may read
// like one, so only the chain counts.
func levelOf(err error) slog.Level {
	if errors.Is(err, fault.ErrOutage) || errors.Is(err, driver.ErrBadConn) ||
		slices.Contains([]string{"57P01", "57P02", "57P03"}, stateOf(err)) {
		return slog.LevelDebug
	}

	return slog.LevelWarn
}

// isForGood reports whether the database answered something that waiting does not mend, such as a missing table or
// right. It does not answer so when it is away or full.
func isForGood(err error) bool {
	state := stateOf(err)
	return state != "" && levelOf(err) != slog.LevelDebug && !strings.HasPrefix(state, "53")
}

// stateOf is the SQLSTATE that the database answered; empty if it did not answer.
func stateOf(err error) string {
	var answered interface{ SQLState() string }
	if !errors.As(err, &answered) {
		return ""
	}

	return answered.SQLState()
}

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
