package httpserver

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// route is one path, matched exactly.
type route struct {
	path    string
	methods []string
	handler http.Handler
}

func routed(routes []route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := slices.IndexFunc(routes, func(known route) bool { return known.path == r.URL.Path })
		if i < 0 {
			refuse(w, r, http.StatusNotFound, fault.New(fault.BadRequest, "There is nothing at this path; operations go to /graphql."))
			return
		}
		entryFrom(r.Context()).route = routes[i].path
		if !slices.Contains(routes[i].methods, r.Method) {
			w.Header().Set("Allow", strings.Join(routes[i].methods, ", "))
			refuse(w, r, http.StatusMethodNotAllowed, fault.New(fault.BadRequest, "The method must be %s here.", strings.Join(routes[i].methods, " or ")))
			return
		}
		routes[i].handler.ServeHTTP(w, r)
	})
}

// pointer tells who opens the root where to go.
func pointer(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprint(w, "ProvenanceOne Data API\nPOST GraphQL operations to /graphql\n")
}
