package httpserver

import (
	"context"
	"net/http"
	"regexp"

	"github.com/provenanceone/data-api/internal/ident"
)

// callersForm is what a caller may name a request: nothing that could break a line of a log or a header.
var callersForm = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

type (
	requestIDKey struct{}
	callersIDKey struct{}
)

// RequestID returns the id under which a request is found in the log: a UUIDv7, which no other request has. It is
// empty outside of one.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// callersID returns what the caller named a request, by a well-formed X-Request-Id; callers may repeat it. It is empty
// if they did not.
func callersID(ctx context.Context) string {
	id, _ := ctx.Value(callersIDKey{}).(string)
	return id
}

type request struct{}

// identified gives every request its id, and sends it back in X-Request-Id. What the caller sent there is kept beside.
func identified(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := ident.New[request]().String()
		ctx := context.WithValue(r.Context(), requestIDKey{}, id)
		if callers := r.Header.Get("X-Request-Id"); callersForm.MatchString(callers) {
			ctx = context.WithValue(ctx, callersIDKey{}, callers)
		}

		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
