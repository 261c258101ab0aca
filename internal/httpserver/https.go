package httpserver

import (
	"context"
	"net/http"
)

type byHTTPSKey struct{}

// BehindTLS wraps what NewHandler returns, for a server that speaks plain HTTP and whose callers use HTTPS: TLS ends in
// front of it.
func BehindTLS(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), byHTTPSKey{}, true)))
	})
}

// byHTTPS reports whether a caller sent a request by HTTPS. Where TLS ends in front, the settings say so:
// `X-Forwarded-Proto` is never read.
func byHTTPS(r *http.Request) bool {
	return r.TLS != nil || r.Context().Value(byHTTPSKey{}) != nil
}
