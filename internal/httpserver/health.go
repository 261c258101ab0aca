package httpserver

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// readyTimeout is how long the server may take to find out whether it is ready.
const readyTimeout = 2 * time.Second

// healthy says that the process answers; it asks nobody else.
func healthy(w http.ResponseWriter, _ *http.Request) {
	writeHealth(w, http.StatusOK, health{Status: "ok"})
}

// ready says whether to send requests here: not while something they need is away, and not once the server was told to
// stop.
func ready(check func(context.Context) error, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if draining(r.Context()) {
			writeHealth(w, http.StatusServiceUnavailable, health{Status: "stopping"})
			return
		}

		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := check(ctx); err != nil {
			logOutage(ctx, log, err)
			writeHealth(w, http.StatusServiceUnavailable, health{Status: "unavailable", Reason: reason(err)})
			return
		}

		writeHealth(w, http.StatusOK, health{Status: "ready"})
	})
}

// reason is what of an error anybody may read.
func reason(err error) string {
	if f, known := asFault(err); known {
		return f.Say
	}

	return "What the server needs did not answer in time."
}

// health is what both paths answer.
type health struct {
	Status string `json:"status"`
	// Reason says what to change, if the status is unavailable.
	Reason string `json:"reason,omitempty"`
}

func writeHealth(w http.ResponseWriter, status int, h health) {
	w.Header().Set("Content-Type", plainJSON+"; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(h) // whoever asked may have gone
}
