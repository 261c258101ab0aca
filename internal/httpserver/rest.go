package httpserver

import (
	"bytes"
	"context"
	"net/http"
	"slices"

	"github.com/provenanceone/data-api/internal/fault"
)

// REST is an API of resources, each at a path of its own.
type REST struct {
	// Find returns what is at the path of a request, whatever its method; ok is false where nothing is.
	Find func(r *http.Request) (at Endpoint, ok bool)
	// Refuse writes a refusal in the words of this API. The headers that belong to the status are set.
	Refuse func(w http.ResponseWriter, r *http.Request, status int, f *fault.Error)
	// LargeBodies is a sentence on where to send what is too large for a body.
	LargeBodies string
}

// Endpoint is what is at a path.
type Endpoint struct {
	// Route is its name in the access log: a pattern, never the path itself.
	Route string
	// Methods are those that can be used there.
	Methods []string
	// Handler answers the method of the request; it is never called for another one.
	Handler http.Handler
	// Public is whether the answer is for anybody. Everybody else has passed authentication, and is in the context.
	Public bool
	// TakesBody is whether the body is read: as JSON, of whatever media type, checked like that of GraphQL. It may be
	// empty. What takes none is refused with one.
	TakesBody bool
	// Streams is whether the answer may take longer than a request may. Then the handler bounds its parts, and sets
	// their deadlines.
	Streams bool
}

type (
	refuserKey struct{}
	refuser    = func(w http.ResponseWriter, r *http.Request, status int, f *fault.Error)
)

// withRefusals lets REST word the refusals at all paths but the known routes.
func (rest REST) withRefusals(known []route, next http.Handler) http.Handler {
	if rest.Refuse == nil {
		return next
	}

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if indexOf(known, r) < 0 {
			r = r.WithContext(context.WithValue(r.Context(), refuserKey{}, rest.Refuse))
		}

		next.ServeHTTP(w, r)
	})
}

// resources answers with REST, behind the guards that GraphQL has.
type resources struct {
	REST
	authenticator *authenticator
	limits        Limits
}

func (rest resources) handler() http.Handler {
	if rest.Find == nil {
		return http.HandlerFunc(refusePath)
	}

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, ok := rest.Find(r)
		if !ok {
			refusePath(w, r)
			return
		}

		entryFrom(r.Context()).route = at.Route
		if !slices.Contains(at.Methods, r.Method) {
			refuseMethod(w, r, at.Methods)
			return
		}

		rest.protect(at).ServeHTTP(w, r)
	})
}

// protect puts the checks of body, credential and time in front of an endpoint, as far as it has them.
func (rest resources) protect(at Endpoint) http.Handler {
	handler := bodiless(at.Handler)
	if at.TakesBody {
		handler = rest.checkedBody(at.Handler)
	}

	if !at.Public {
		handler = rest.authenticator.admit(handler)
	}

	if at.Streams {
		return handler
	}

	return withTimeout(rest.limits.Request, handler)
}

// checkedBody checks a body of any media type before anything else reads it, and passes on the same bytes; it allows an
// empty body. Browsers send some media types to any site without a preflight, but never with the header of a
// credential.
func (rest resources) checkedBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := checkEncoding(r.Header); f != nil {
			refuse(w, r, http.StatusUnsupportedMediaType, f)
			return
		}

		body, ok := readBody(w, r, rest.limits, rest.LargeBodies)
		if !ok {
			return
		}

		if body = bytes.TrimSpace(body); len(body) > 0 {
			if f := checkJSON(body, rest.limits.JSONDepth); f != nil {
				refuse(w, r, http.StatusBadRequest, f)
				return
			}
		}

		next.ServeHTTP(w, withBody(r, body))
	})
}

func bodiless(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			refuse(w, r, http.StatusBadRequest, bad("This route takes no body with this method."))
			return
		}

		next.ServeHTTP(w, r)
	})
}
