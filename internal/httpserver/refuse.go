package httpserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/outcome"
)

// statuses has those of the faults that authentication returns; every other kind is an error of the server.
var statuses = map[fault.Kind]int{
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	fault.Invalid:         http.StatusBadRequest,
	fault.BadRequest:      http.StatusBadRequest,
	fault.RateLimited:     http.StatusTooManyRequests,
	fault.Unavailable:     http.StatusServiceUnavailable,
}

type refusal struct {
	Message    string         `json:"message"`
	Extensions map[string]any `json:"extensions"`
}

// refuse answers with one error in the shape of GraphQL, without data, in the media type of JSON that the caller
// accepts or else in plain JSON; at a path of REST, in the shape of REST.
func refuse(w http.ResponseWriter, r *http.Request, status int, f *fault.Error) {
	outcome.From(r.Context()).Refused(string(f.Kind))
	outcome.From(r.Context()).Hit(f.Limit)
	if say, ok := r.Context().Value(refuserKey{}).(refuser); ok {
		say(w, r, status, f)
		return
	}

	extensions := maps.Clone(f.Details)
	if extensions == nil {
		extensions = map[string]any{}
	}

	extensions["code"] = string(f.Kind)
	body, err := json.Marshal(map[string][]refusal{"errors": {{f.Say, extensions}}})
	if err != nil {
		panic(err)
	}

	mediaType, ok := chooseMediaType(r.Header.Values("Accept"))
	if !ok || mediaType == eventStream {
		mediaType = plainJSON
	}

	w.Header().Set("Content-Type", mediaType+"; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func refuseInternal(w http.ResponseWriter, r *http.Request) {
	refuse(w, r, http.StatusInternalServerError, fault.New(fault.Internal,
		"An internal error occurred. Its details are in the log under the request's id.").
		With("requestId", RequestID(r.Context())))
}

// refuseError answers with the fault that another package returned. An error that is no fault, or has no status here,
// is internal; internal errors and outages are logged.
func refuseError(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	f, known := asFault(err)
	status, known := statuses[f.Kind], known && statuses[f.Kind] != 0
	if !known {
		log.ErrorContext(r.Context(), "internal error", "requestId", RequestID(r.Context()), "error", err)
		refuseInternal(w, r)
		return
	}

	if f.Kind == fault.Unavailable {
		logOutage(r.Context(), log, err)
	}

	if f.Kind == fault.Unauthenticated {
		w.Header().Set("WWW-Authenticate", "Bearer")
	}

	if seconds, ok := f.Details["retryAfterSeconds"]; ok {
		w.Header().Set("Retry-After", fmt.Sprint(seconds))
	}

	refuse(w, r, status, f)
}

// logOutage logs what kept a request from an answer. An outage that is in the log already is a detail.
func logOutage(ctx context.Context, log *slog.Logger, err error) {
	level := slog.LevelWarn
	if errors.Is(err, fault.ErrOutage) {
		level = slog.LevelDebug
	}

	log.Log(ctx, level, "unavailable", "requestId", RequestID(ctx), "error", err)
}
