package httpserver

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// anyPath ends the path of a route that has everything below it that no other route has.
const anyPath = "{path...}"

// route is one path, matched exactly, unless it ends in anyPath.
type route struct {
	path    string
	methods []string
	handler http.Handler
}

// dispatch passes a request to the route of its path, or to others if there is none.
func dispatch(routes []route, others http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i := indexOf(routes, r)
		if i < 0 {
			others.ServeHTTP(w, r)
			return
		}

		entryFrom(r.Context()).route = routes[i].path
		if !slices.Contains(routes[i].methods, r.Method) {
			refuseMethod(w, r, routes[i].methods)
			return
		}

		routes[i].handler.ServeHTTP(w, r)
	})
}

func indexOf(routes []route, r *http.Request) int {
	exactly := slices.IndexFunc(routes, func(known route) bool { return known.path == r.URL.Path })
	if exactly >= 0 {
		return exactly
	}

	return slices.IndexFunc(routes, func(known route) bool {
		above, ok := strings.CutSuffix(known.path, anyPath)
		return ok && strings.HasPrefix(r.URL.Path, above)
	})
}

func refuseMethod(w http.ResponseWriter, r *http.Request, methods []string) {
	w.Header().Set("Allow", strings.Join(methods, ", "))
	refuse(w, r, http.StatusMethodNotAllowed,
		fault.New(fault.BadRequest, "The method must be %s here.", strings.Join(methods, " or ")))
}

func refusePath(w http.ResponseWriter, r *http.Request) {
	refuse(w, r, http.StatusNotFound,
		fault.New(fault.BadRequest, "There is nothing at this path; operations go to /graphql."))
}

// pointer answers at the root with where to go.
func pointer(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = fmt.Fprint(w, "ProvenanceOne Data API\nPOST GraphQL operations to /graphql\n")
}
