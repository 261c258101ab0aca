package httpserver

import (
	"context"
	"net/http"
	"regexp"

	"github.com/provenanceone/data-api/internal/ident"
)

// callerRequestIDForm is how a caller may name a request: nothing that could break a line of a log or a header.
var callerRequestIDForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

type (
	requestIDKey       struct{}
	callerRequestIDKey struct{}
)

// RequestID returns the id under which a request is found in the log: a UUIDv7, which no other request has. It is
// empty outside of one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// callerRequestID returns the name that the caller gave a request in a well-formed X-Request-Id; callers may repeat it.
// It is empty if they gave none.
func callerRequestID(ctx context.Context) string {
	id, _ := ctx.Value(callerRequestIDKey{}).(string)
	return id
}

type request struct{}

// withRequestID gives every request its id, and returns it in X-Request-Id. It keeps the id that the caller sent there
// beside it.
func withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := ident.New[request]().String()
		ctx := context.WithValue(r.Context(), requestIDKey{}, id)
		if callers := r.Header.Get("X-Request-Id"); callerRequestIDForm.MatchString(callers) {
			ctx = context.WithValue(ctx, callerRequestIDKey{}, callers)
		}

		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
