package httpserver

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

// connection authenticates one client connection, once or repeatedly.
type connection struct {
	authenticator *authenticator
	address       netip.Addr
	// from is where the connection comes from; each check sets its request id.
	from authz.Origin
	// known is whether this connection has sent a good credential.
	known atomic.Bool
}

type connectionKey struct{}

// connection returns the connection that a request arrived by.
func (g *authenticator) connection(r *http.Request) *connection {
	address := g.proxies.caller(r)
	return &connection{
		authenticator: g,
		address:       address,
		from: authz.Origin{
			CallersRequestID: callerRequestID(r.Context()),
			IP:               addressText(address),
			UserAgent:        cleanText(r.UserAgent()),
			Page:             g.origins.page(r),
		},
	}
}

// lockedOut returns the refusal of a bad credential from an address that has sent too many.
func lockedOut(wait time.Duration) error {
	seconds := int(math.Ceil(wait.Seconds()))
	return fault.New(fault.RateLimited, "Too many bad credentials came from this address. Try again in %d seconds.",
		seconds).With("retryAfterSeconds", seconds).Beyond("max-failed-credentials")
}

// authenticate returns the actor whom the headers stand for. The access log shows the first one of a connection.
func (d *connection) authenticate(ctx context.Context, h http.Header, requestID string) (actor authz.Actor, err error) {
	from := d.from
	from.RequestID = requestID
	err = d.check(ctx, h, func(ctx context.Context) (err error) {
		actor, err = d.authenticator.authenticate(ctx, h, from)
		return err
	})
	if err == nil && d.known.CompareAndSwap(false, true) {
		e := entryFrom(ctx)
		e.actor, e.workspace = actor.Who, actor.Workspace
		_, e.caller = actor.Sharer()
		e.rate = d.authenticator.rate
	}

	return actor, err
}

// check calls verify for the credential in the headers. A bad credential counts against the address, unless it has
// expired, or this connection has sent a good one before: then the server, not the caller, has started the check.
//
// Beyond the limit the server still checks credentials, but those of one address wait for each other. So guessing is
// slow, and others behind the same address are served. API keys that were good recently do not wait.
//
// Errors: those of verify; fault.RateLimited for a bad credential beyond the limit, or if too many wait.
func (d *connection) check(ctx context.Context, h http.Header, verify func(context.Context) error) error {
	if !carriesCredential(h) {
		return verify(ctx)
	}

	if d.known.Load() {
		return d.logRefusal(ctx, verify(ctx))
	}

	wait := d.authenticator.failures.wait(d.address)
	if wait > 0 && !d.authenticator.keys.has(h) {
		leave, ok := d.authenticator.limiter.acquire(ctx, checkKeyOf(d.address, h))
		if !ok {
			return lockedOut(wait)
		}

		defer leave()
	}

	err := d.logRefusal(ctx, verify(ctx))
	if err == nil {
		d.authenticator.keys.add(h)
		return nil
	}

	known := &authz.CredentialError{}
	if errors.As(err, &known) {
		entryFrom(ctx).actor = known.Who
	}

	if known.Expired || !fault.Is(err, fault.Unauthenticated) {
		return err
	}

	d.authenticator.keys.forget(h)
	d.authenticator.failures.add(d.address)
	if wait > 0 {
		return lockedOut(wait)
	}

	return err
}

// logRefusal logs why a credential was refused, with none of it, and returns the error.
func (d *connection) logRefusal(ctx context.Context, err error) error {
	refusal := (*fault.Error)(nil)
	if !errors.As(err, &refusal) || refusal.Kind != fault.Unauthenticated && refusal.Kind != fault.Forbidden {
		return err
	}

	known, cause := &authz.CredentialError{}, refusal.Say
	if errors.As(err, &known) && known.Err != nil {
		cause = known.Err.Error()
	}

	d.authenticator.log.InfoContext(ctx, "credential refused", "requestId", RequestID(ctx), "address",
		addressText(d.address), "cause", cleanText(cause), "kid", cleanText(known.KeyID),
		"issuer", cleanText(known.Issuer),
		"audience", cleanText(known.Audience))
	return err
}

// Admit returns the context of one more operation on an open connection, with a request id of its own and the actor
// whom the headers stand for. ctx must be the context of the connection's request, or derive from it.
//
// The first bad credential of a connection counts against its address like that of a request. After a good one,
// further checks do not count.
//
// Errors: as Authenticate; fault.RateLimited for a bad first credential from an address that has sent too many.
func Admit(ctx context.Context, h http.Header) (context.Context, error) {
	d, ok := ctx.Value(connectionKey{}).(*connection)
	if !ok {
		return nil, errors.New("admit: the request did not come through NewHandler")
	}

	id := ident.New[request]().String()
	actor, err := d.authenticate(ctx, h, id)
	if err != nil {
		return nil, err
	}

	return authz.WithActor(context.WithValue(ctx, requestIDKey{}, id), actor), nil
}
