// Package rest is the documented REST routes: a table of them, each a stored GraphQL operation with a mapping. An
// operation is carried out by the very server that answers /graphql, so guards, audit and limits are one code. Errors
// are problem details, of RFC 9457.
package rest

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
)

// LargeBodies says where to send what is too large for a body.
const LargeBodies = "Send a file to the URL that POST /datastores/{id}/upload-url returns."

// Contents reads stored files.
type Contents interface {
	// Open returns the `length` bytes of an object version from `from` on, once that the version is read is on record.
	// Reading ends with ctx.
	// Errors: fault.NotFound; fault.Unavailable.
	Open(ctx context.Context, a authz.Actor, version string, from, length int64) (io.ReadCloser, error)
}

// Options are what New needs; all must be given.
type Options struct {
	// GraphQL carries out operations. Transport must be one of its transports, before others.
	GraphQL  http.Handler
	Contents Contents
	Log      *slog.Logger
	// RequestID returns the id of the request that a context is of.
	RequestID func(context.Context) string
	// Stopping returns a channel that is closed when the server begins to stop; nil if it never does.
	Stopping func(context.Context) <-chan struct{}
	// Time is how long a request may take, but for the bytes of an object.
	Time time.Duration
}

// API answers requests at the routes.
type API struct {
	Options
	routes   []*route
	openAPI  []byte
	farewell time.Duration
	streams  busy
}

// New returns an API. Errors: a route that is not well-formed.
func New(o Options) (*API, error) {
	a := &API{Options: o, farewell: farewell}
	for _, r := range table() {
		a.routes = append(a.routes, &r)
	}

	var err error
	a.openAPI, err = describe(a.routes)
	return a, err
}

// Endpoint is what is at a path, for one method.
type Endpoint struct {
	// Route is the path as documented.
	Route string
	// Methods are those that can be used there. Handler is nil for others.
	Methods []string
	Handler http.Handler
	// Public is whether the answer is for anybody.
	Public bool
	// TakesBody is whether a body is read, which is JSON or nothing.
	TakesBody bool
	// Streams is whether the answer may take any time.
	Streams bool
}

// Find returns what is at the path of a request; ok is false where nothing is. HEAD is answered wherever GET is.
//
// The path is taken as it was sent: its parts are split before they are decoded, each once, and nothing is cleaned
// away.
func (a *API) Find(r *http.Request) (at Endpoint, ok bool) {
	path := r.URL.EscapedPath()
	for _, known := range a.routes {
		places, fits := known.match(path)
		if !fits {
			continue
		}

		at.Route = known.path
		at.Methods = append(at.Methods, known.method)
		headOfGet := known.method == http.MethodGet && r.Method == http.MethodHead
		if known.method == r.Method || headOfGet && at.Handler == nil {
			at.Handler = bound{a, known, places}
			at.Public, at.TakesBody, at.Streams = known.public, known.takesBody(), known.streams
		}
	}

	if slices.Contains(at.Methods, http.MethodGet) && !slices.Contains(at.Methods, http.MethodHead) {
		at.Methods = append(at.Methods, http.MethodHead)
	}

	slices.Sort(at.Methods)
	return at, at.Route != ""
}

// bound is a route, with what stands in the places of its path.
type bound struct {
	api *API
	*route
	places places
}

// ServeHTTP answers a request of the route's method.
func (b bound) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b.serve != nil {
		b.serve(b, w, r)
		return
	}

	variables, err := b.variables(r)
	if err != nil {
		b.refuse(w, r, err)
		return
	}

	if !isSafe(r.Method) && b.stops(w, r) {
		return
	}

	data, err := b.api.run(r, b.operation, variables)
	if err != nil {
		b.refuse(w, r, err)
		return
	}

	body, err := b.answer.read(data)
	if errors.Is(err, errNothing) {
		err = b.missing()
	}

	if err != nil {
		b.refuse(w, r, err)
		return
	}

	if isSafe(r.Method) && b.stops(w, r) {
		return
	}

	b.write(w, body)
}
