package rest

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/outcome"
)

const problemJSON = "application/problem+json"

// retryAfter is how many seconds to wait after an outage, where nothing else is known.
const retryAfter = 2

// statuses are those of the faults that an operation ends with.
var statuses = map[fault.Kind]int{
	fault.Invalid:         http.StatusBadRequest,
	fault.BadRequest:      http.StatusBadRequest,
	fault.Unauthenticated: http.StatusUnauthorized,
	fault.Forbidden:       http.StatusForbidden,
	// A route is no document that a list could have.
	fault.UntrustedDocument: http.StatusForbidden,
	fault.NotFound:          http.StatusNotFound,
	fault.Conflict:          http.StatusConflict,
	fault.InUse:             http.StatusConflict,
	// Not 507, which clients take for an outage and try again.
	fault.QuotaExceeded:       http.StatusRequestEntityTooLarge,
	fault.IdempotencyMismatch: http.StatusUnprocessableEntity,
	fault.RateLimited:         http.StatusTooManyRequests,
	fault.Unavailable:         http.StatusServiceUnavailable,
}

// Refuse answers with a problem, and the headers that tell when to come again.
//
// Source: RFC 9457. The type is about:blank: the title is the status' own, and `code` says what happened, as in
// GraphQL.
func (a *API) Refuse(w http.ResponseWriter, r *http.Request, status int, f *fault.Error) {
	outcome.From(r.Context()).Refused(string(f.Kind))
	problem := maps.Clone(f.Details)
	if problem == nil {
		problem = map[string]any{}
	}

	delete(problem, "requestId")
	maps.Copy(problem, map[string]any{
		"type":   "about:blank",
		"title":  http.StatusText(status),
		"status": status,
		"detail": f.Say,
		"code":   string(f.Kind),
	})
	if id := a.RequestID(r.Context()); id != "" {
		problem["requestId"] = id
	}

	h := w.Header()
	if h.Get("Retry-After") == "" {
		setRetryAfter(h, status, f)
	}

	if status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}

	writeText(w, status, problemJSON, encoded(problem))
}

func setRetryAfter(h http.Header, status int, f *fault.Error) {
	if seconds, known := f.Details["retryAfterSeconds"]; known {
		h.Set("Retry-After", fmt.Sprint(seconds))
	} else if status == http.StatusServiceUnavailable {
		h.Set("Retry-After", strconv.Itoa(retryAfter))
	}
}

// refuse answers with the fault of an operation, or of a request that became none.
func (b bound) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Internal && statuses[f.Kind] == 0 {
		errors.As(b.api.internal(r.Context(), err.Error()), &f)
	}

	f = b.inTermsOf(f)
	status, known := statuses[f.Kind]
	if !known {
		status = http.StatusInternalServerError
	}

	if name := precondition(r.Header); f.Kind == fault.Conflict && name != "" && f.Details["currentVersion"] != nil {
		status, f = http.StatusPreconditionFailed, f.With("field", name)
	}

	b.api.Refuse(w, r, status, f)
}

// inTermsOf names the field at fault as the route does, and hides what the route does not tell.
func (b bound) inTermsOf(f *fault.Error) *fault.Error {
	field, _ := f.Details["field"].(string)
	if b.foreign != "" && f.Kind == fault.NotFound && field == "datastoreId" {
		return fault.New(fault.Forbidden, "%s", b.foreign)
	}

	for _, in := range b.inputs {
		if in.field() == field && field != "" {
			said := f.With("field", in.name)
			said.Say = strings.ReplaceAll(said.Say, "`"+field+"`", "`"+in.name+"`")
			return said
		}
	}

	return f
}
