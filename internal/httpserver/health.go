package httpserver

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// readyTimeout is how long the server may take to find out whether it is ready.
const readyTimeout = 2 * time.Second

// healthy says that the process answers; it asks nobody else.
func healthy(w http.ResponseWriter, _ *http.Request) { writeStatus(w, "ok") }

// ready says whether to send requests here: not while something they need is away, and not once the server is stopping.
func ready(check func(context.Context) error, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if stopping(r.Context()) {
			refuse(w, r, http.StatusServiceUnavailable, fault.New(fault.Unavailable, "The server is stopping."))
			return
		}

		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := check(ctx); err != nil {
			log.WarnContext(ctx, "not ready", "requestId", RequestID(ctx), "error", err)
			refuse(w, r, http.StatusServiceUnavailable, fault.New(fault.Unavailable, "The server is not ready."))
			return
		}

		writeStatus(w, "ready")
	})
}

func writeStatus(w http.ResponseWriter, status string) {
	w.Header().Set("Content-Type", plainJSON+"; charset=utf-8")
	_, _ = io.WriteString(w, `{"status":"`+status+`"}`+"\n")
}
