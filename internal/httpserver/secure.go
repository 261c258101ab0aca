package httpserver

import (
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// withSecurityHeaders tells browsers to keep nothing, run nothing and guess nothing.
func withSecurityHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		if byHTTPS(r) {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}

		next.ServeHTTP(w, r)
	})
}

// checkHost refuses requests for other hosts, which is how a page rebinds its own name to an address it must not reach.
func checkHost(hosts []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(hosts) > 0 && !slices.ContainsFunc(hosts,
			func(known string) bool { return strings.EqualFold(known, hostname(r.Host)) }) {
			refuse(w, r, http.StatusForbidden, fault.New(fault.Forbidden, "This server does not answer under the "+
				"name in the Host header."))
			return
		}

		next.ServeHTTP(w, r)
	})
}

// hostname returns the name or address in a Host header, without port and brackets.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}

	return strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
}
