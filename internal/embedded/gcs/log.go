package gcs

import (
	"log/slog"
	"net/http"
	"time"
)

// observed remembers the status of an answer.
type observed struct {
	http.ResponseWriter
	status int
}

// WriteHeader passes the status on.
func (o *observed) WriteHeader(status int) {
	o.status = status
	o.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (o *observed) Unwrap() http.ResponseWriter { return o.ResponseWriter }

func levelOf(status int) slog.Level {
	if status >= http.StatusInternalServerError {
		return slog.LevelWarn
	}

	return slog.LevelDebug
}

// logLine never holds a query: that is where signatures and session ids are.
func logLine(r *http.Request, status int, took time.Duration) []slog.Attr {
	return []slog.Attr{
		slog.String("method", r.Method), slog.String("path", r.URL.EscapedPath()),
		slog.Int("status", status), slog.Duration("took", took),
	}
}

// note logs an error that is the emulator's own.
func (s *Server) note(r *http.Request, err error) {
	if refusalOf(err) == errInternalError {
		s.opts.Log.Error("storage request failed", "method", r.Method, "path", r.URL.EscapedPath(), "error", err)
	}
}
