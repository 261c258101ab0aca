package command

import (
	"context"
	"io"
	"log/slog"
	"sync"
	"time"
)

const (
	// logDelay is how long a line may wait for others, and logBytes how much may wait.
	logDelay = 100 * time.Millisecond
	logBytes = 32 << 10
)

// logger writes one JSON object a line.
func logger(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}

// bufferedLogger is logger for a server, which writes a line for each request: those of a tenth of a second are one
// write. It writes a warning or an error at once, with what came before it. Call end when nothing else is to be logged:
// it writes a line that comes later at once.
func bufferedLogger(w io.Writer, level slog.Level) (log *slog.Logger, end func()) {
	waiting := &lines{out: w}
	waiting.timer = time.AfterFunc(logDelay, waiting.flush)
	return slog.New(prompt{logger(waiting, level).Handler(), waiting}), waiting.end
}

// prompt flushes the lines as soon as one is a warning or worse.
type prompt struct {
	slog.Handler
	lines *lines
}

// Handle implements slog.Handler.
func (h prompt) Handle(ctx context.Context, r slog.Record) error {
	err := h.Handler.Handle(ctx, r)
	if r.Level >= slog.LevelWarn {
		h.lines.flush()
	}

	return err
}

// WithAttrs implements slog.Handler.
func (h prompt) WithAttrs(attrs []slog.Attr) slog.Handler {
	return prompt{h.Handler.WithAttrs(attrs), h.lines}
}

// WithGroup implements slog.Handler.
func (h prompt) WithGroup(name string) slog.Handler {
	return prompt{h.Handler.WithGroup(name), h.lines}
}

// lines wait to be written together.
type lines struct {
	out   io.Writer
	timer *time.Timer

	mu      sync.Mutex
	waiting []byte
	// ended is whether nothing waits any more.
	ended bool
}

// Write takes whole lines.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.timer.Reset(logDelay)
	}

	l.waiting = append(l.waiting, p...)
	if l.ended || len(l.waiting) >= logBytes {
		return len(p), l.write()
	}

	return len(p), nil
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	_ = l.write() // as slog passes over what cannot be written
}

func (l *lines) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.timer.Stop()
	_ = l.write()
}

// write needs mu.
func (l *lines) write() error {
	if len(l.waiting) == 0 {
		return nil
	}

	_, err := l.out.Write(l.waiting)
	l.waiting = l.waiting[:0]
	return err
}
