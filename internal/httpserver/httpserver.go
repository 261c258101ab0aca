// Package httpserver is everything between the socket and the GraphQL handler: it authenticates, bounds bodies and
// time, and words refusals. It knows nothing of GraphQL but the shape of its errors over HTTP.
package httpserver

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ratelimit"
	"github.com/provenanceone/data-api/internal/trace"
)

// Authenticate finds out who sends a request, from its headers.
//
// Errors: fault.Unauthenticated for no credential, more than one, or a bad one; fault.Forbidden and fault.Invalid for a
// workspace that cannot be; fault.Unavailable if it cannot be found out now.
type Authenticate func(ctx context.Context, headers http.Header, from authz.Origin) (authz.Actor, error)

// Options are what NewHandler needs. Log, GraphQL and Authenticate must be given.
type Options struct {
	// GraphQL runs operations. It receives POSTs whose body was checked and GETs whose query string was, with the
	// Accept header reduced to the one media type to answer in, and the actor in the context. By GET it must run
	// nothing that has an effect.
	//
	// Where that type is text/event-stream the request has no end in time: GraphQL sets one, and the deadlines of what
	// it writes. It also receives GETs that ask for a WebSocket, from pages of allowed origins only, perhaps without an
	// actor: it asks Admit for one. Both end when Stopping says so.
	GraphQL      http.Handler
	Authenticate Authenticate
	// REST answers at the paths that are neither GraphQL's nor a page's; the zero value is nobody.
	REST REST
	// Pages are what else is answered, to GET and HEAD and without a credential, by path. A path that ends in
	// `{path...}` has all paths below it that have no page of their own.
	Pages map[string]http.Handler
	// Contract is answered at `GET /schema.graphql` to whoever has a credential; nil to nobody.
	Contract []byte
	// Notices are what storage says of its own accord, at `POST /events/storage`; nil takes none.
	Notices *Notices
	// Ready returns an error while requests would fail; nil is always ready.
	Ready func(context.Context) error
	// Findings are what was found of all that the server depends on, for anybody to read; nil is nothing.
	Findings func() []Finding
	Log      *slog.Logger
	// Observe is told of each request that has ended, but for sockets: which root fields ran, joined by commas, the
	// code of the error, the limit that was hit, and how long it took. nil is nobody.
	Observe func(operation, code, limit string, took time.Duration)
	// Tracer begins a trace for each request; nil is none.
	Tracer *trace.Tracer
	// Waited is told how long a request waited for memory for its body; nil is nobody.
	Waited func(took time.Duration)
	// Rate has what each caller may spend, which every answer to one says in its headers; nil says nothing.
	Rate *ratelimit.Limiter
	// Limits are those of DefaultLimits where they are zero.
	Limits Limits
	// Hosts are the values of the Host header that are answered, without port; none is any.
	Hosts []string
	// Origins are those of pages, beside the server's own, that may use this server from a browser: SCHEME://HOST or
	// SCHEME://HOST:PORT, in lower case; the port `*` stands for any.
	Origins []string
	// TrustedProxies are the networks whose X-Forwarded-For is believed; none is nobody's.
	TrustedProxies []netip.Prefix
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Limits bound what a request may take.
type Limits struct {
	// BodyBytes is the size of a body, JSONDepth how many objects and arrays may lie in each other in it.
	BodyBytes int64
	JSONDepth int
	// Request is how long a request may take once its headers are read.
	Request time.Duration
	// FailedCredentials is how many an address may send within a minute before those that follow wait for each other.
	FailedCredentials int
	// HeaderBytes is the size of the headers. Headers is how long they may take to arrive, Body how long they and the
	// body, Idle how long a connection may wait for the next request.
	HeaderBytes         int
	Headers, Body, Idle time.Duration
}

// DefaultLimits returns the limits that the documentation promises.
func DefaultLimits() Limits {
	return Limits{
		BodyBytes:         1 << 20,
		JSONDepth:         64,
		Request:           10 * time.Second,
		FailedCredentials: 20,
		HeaderBytes:       32 << 10,
		Headers:           5 * time.Second,
		Body:              15 * time.Second,
		Idle:              60 * time.Second,
	}
}

func (l Limits) withDefaults() Limits {
	most := DefaultLimits()
	return Limits{
		BodyBytes:         cmp.Or(l.BodyBytes, most.BodyBytes),
		JSONDepth:         cmp.Or(l.JSONDepth, most.JSONDepth),
		Request:           cmp.Or(l.Request, most.Request),
		FailedCredentials: cmp.Or(l.FailedCredentials, most.FailedCredentials),
		HeaderBytes:       cmp.Or(l.HeaderBytes, most.HeaderBytes),
		Headers:           cmp.Or(l.Headers, most.Headers),
		Body:              cmp.Or(l.Body, most.Body),
		Idle:              cmp.Or(l.Idle, most.Idle),
	}
}

func (o Options) withDefaults() Options {
	o.Limits = o.Limits.withDefaults()
	if o.Ready == nil {
		o.Ready = func(context.Context) error { return nil }
	}

	if o.Observe == nil {
		o.Observe = func(string, string, string, time.Duration) {}
	}

	if o.Findings == nil {
		o.Findings = func() []Finding { return nil }
	}

	if o.Now == nil {
		o.Now = time.Now
	}

	return o
}

// NewHandler returns the handler of the whole server: `POST /graphql`, `GET /graphql`, `GET /healthz`, `GET /readyz`,
// the pages, `GET /schema.graphql` if there is a contract, what REST has, `POST /events/storage` if notices are taken,
// and a refusal in JSON for all else.
//
// A request passes, in this order: request id, access log, recovery from panics, security headers, allowed hosts,
// preflights of browsers; and for GraphQL: media type, time limit unless it is a stream, authentication, and a guard of
// the body, or of the query string of a GET. A socket passes the check of its origin and, if its headers have a
// credential, authentication. REST passes what GraphQL does, but for the media type.
//
// A credential is in a header that no browser sends to another origin before a preflight has granted it, and this
// server grants it to the allowed origins alone. So no other page can have a request run, by GET or POST, with or
// without a body.
func NewHandler(o Options) http.Handler {
	o = o.withDefaults()
	from := newProxies(o.TrustedProxies, o.Log)
	auth := &authenticator{
		authenticate: o.Authenticate,
		failures:     newFailures(o.Limits.FailedCredentials, o.Now),
		keys:         newGoodKeys(o.Now),
		limiter:      newCheckLimiter(),
		proxies:      from,
		origins:      o.Origins,
		bodies:       newBodyMemory(o.Limits.BodyBytes),
		rate:         o.Rate,
		timeout:      o.Limits.Request,
		log:          o.Log,
	}
	auth.bodies.gate.Waited = o.Waited
	checked := auth.admit(byMethod(checkedQuery(o.Limits, o.GraphQL), checkedBody(o.Limits, o.GraphQL)))
	requests := negotiate(byAccept(checked, withTimeout(o.Limits.Request, checked)))
	graphQL := upgrading(fromPages(o.Origins, auth.admitSocket(o.GraphQL)), requests)
	routes := []route{
		{"/graphql", []string{http.MethodGet, http.MethodPost}, graphQL},
		{"/healthz", []string{http.MethodGet, http.MethodHead}, http.HandlerFunc(healthy)},
		{"/readyz", []string{http.MethodGet, http.MethodHead}, ready(o)},
		{"/", []string{http.MethodGet, http.MethodHead}, http.HandlerFunc(pointer)},
	}
	if o.Notices != nil {
		routes = append(routes, route{"/events/storage", []string{http.MethodPost},
			withTimeout(o.Limits.Request, auth.receiveNotice(o.Notices))})
	}

	if o.Contract != nil {
		routes = append(routes, route{"/schema.graphql", []string{http.MethodGet, http.MethodHead},
			withTimeout(o.Limits.Request, auth.admit(contract(o.Contract)))})
	}

	for path, page := range o.Pages {
		routes = append(routes, route{path, []string{http.MethodGet, http.MethodHead}, page})
	}

	others := resources{o.REST, auth, o.Limits}.handler()
	return withRequestID(o.REST.withRefusals(routes,
		withAccessLog(o, from,
			withRecovery(o.Log, withSecurityHeaders(checkHost(o.Hosts,
				crossOrigin(o.Origins, dispatch(routes, others))))))))
}

func withTimeout(most time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), most)
		defer cancel()
		next.ServeHTTP(&deadlineWriter{ResponseWriter: w, control: http.NewResponseController(w)}, r.WithContext(ctx))
	})
}
