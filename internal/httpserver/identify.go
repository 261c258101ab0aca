package httpserver

import (
	"context"
	"net/http"
	"regexp"

	"github.com/provenanceone/data-api/internal/ident"
)

// requestIDForm is what a caller may name a request: nothing that could break a line of a log or a header.
var requestIDForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

type requestIDKey struct{}

// RequestID returns the id under which a request is found in the log: the caller's own X-Request-Id if it is well-formed, else a UUIDv7.
// It is empty outside of a request.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

type request struct{}

// identified gives every request its id, and sends it back in X-Request-Id.
func identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !requestIDForm.MatchString(id) {
			id = ident.New[request]().String()
		}
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}
