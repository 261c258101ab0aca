package httpserver

import (
	"context"
	"encoding/json"
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
// stop. With `verbose` in the query it lists what was checked at the start, and how each ended,
// which decides nothing; what is wrong stands in the log alone, for anybody may ask.
func ready(o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if draining(r.Context()) {
			writeHealth(w, http.StatusServiceUnavailable, health{Status: "stopping"})
			return
		}

		var found []Finding
		if r.URL.Query().Has("verbose") {
			found = o.Findings()
		}

		ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
		defer cancel()
		if err := o.Ready(ctx); err != nil {
			logOutage(ctx, o.Log, err)
			writeHealth(w, http.StatusServiceUnavailable,
				health{Status: "unavailable", Reason: reason(err), Checks: found})
			return
		}

		writeHealth(w, http.StatusOK, health{Status: "ready", Checks: found})
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
	// Checks are there if they were asked for, and made.
	Checks []Finding `json:"checks,omitempty"`
}

// Finding is how the check of one thing ended that the server depends on.
type Finding struct {
	Check  string `json:"check"`
	Status string `json:"status"`
}

func writeHealth(w http.ResponseWriter, status int, h health) {
	w.Header().Set("Content-Type", plainJSON+"; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(h) // whoever asked may have gone
}
