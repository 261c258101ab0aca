package httpserver

import (
	"net/http"
	"strings"
	"time"

	"github.com/rs/cors"
	"golang.org/x/net/http/httpguts"

	"github.com/provenanceone/data-api/internal/fault"
)

// preflightAge is how long a browser may remember what a preflight granted: Chromium keeps it for two hours at most.
const preflightAge = 2 * time.Hour

// exposed are the headers of answers that a page may read, beside those that every page may.
var exposed = []string{
	"X-Request-Id", "Retry-After", "ETag", "Location", "Content-Range", "Accept-Ranges", "Content-Disposition", "Allow",
	"WWW-Authenticate", "RateLimit", "RateLimit-Policy",
}

// crossOrigin answers preflights, and lets pages of the allowed origins read every answer: refusals too, so that a page
// sees the code of an error.
//
// Credentials travel in headers alone, which a browser sends to another origin only after a preflight. So the answers
// never allow credentials mode: no cookie of a person is ever sent along.
//
// Source: Fetch standard, "HTTP CORS protocol".
func crossOrigin(allowed origins, next http.Handler) http.Handler {
	policy := cors.New(cors.Options{
		AllowOriginVaryRequestFunc: func(r *http.Request, _ string) (bool, []string) {
			return allowed.page(r) != "" && asksForHeaders(r), nil
		},
		AllowedMethods: []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete},
		AllowedHeaders: []string{"*"},
		ExposedHeaders: exposed,
		MaxAge:         int(preflightAge.Seconds()),
		// The library answers 204 to refused preflights too. Whoever looks for the reason finds a sentence instead.
		OptionsPassthrough: true,
	})
	return policy.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodOptions || r.Header.Get("Access-Control-Request-Method") == "" {
			next.ServeHTTP(w, r)
			return
		}

		entryFrom(r.Context()).route = "preflight"
		if w.Header().Get("Access-Control-Allow-Origin") == "" {
			refuse(w, r, http.StatusForbidden,
				fault.New(fault.Forbidden, "Pages of this origin may not send this request here. "+
					"The operator allows origins with --allowed-origins; the methods are GET, HEAD, POST and DELETE."))
			return
		}

		w.WriteHeader(http.StatusNoContent)
	}))
}

// asksForHeaders reports whether a preflight asks for header names and nothing else, because the answer repeats them.
func asksForHeaders(r *http.Request) bool {
	for _, list := range r.Header.Values("Access-Control-Request-Headers") {
		for name := range strings.SplitSeq(list, ",") {
			if name = strings.TrimSpace(name); name != "" && !httpguts.ValidHeaderFieldName(name) {
				return false
			}
		}
	}

	return true
}
