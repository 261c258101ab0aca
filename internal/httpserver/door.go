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

// door authenticates one client connection, once or repeatedly.
type door struct {
	gate    *gate
	address netip.Addr
	// from is where the connection comes from; its request id is that of each look.
	from authz.Origin
	// known is whether a credential was good here before.
	known atomic.Bool
}

type doorKey struct{}

func (g *gate) door(r *http.Request) *door {
	address := g.proxies.caller(r)
	return &door{
		gate:    g,
		address: address,
		from: authz.Origin{
			CallersRequestID: callersID(r.Context()),
			IP:               addressText(address),
			UserAgent:        cleanUserAgent(r.UserAgent()),
			Page:             g.origins.page(r),
		},
	}
}

// lockedOut is the answer to a bad credential from an address that has shown too many.
func lockedOut(wait time.Duration) error {
	seconds := int(math.Ceil(wait.Seconds()))
	return fault.New(fault.RateLimited, "Too many bad credentials came from this address. Try again in %d seconds.",
		seconds).With("retryAfterSeconds", seconds)
}

// let returns who shows these headers.
func (d *door) let(ctx context.Context, h http.Header, requestID string) (actor authz.Actor, err error) {
	from := d.from
	from.RequestID = requestID
	err = d.look(ctx, h, func(ctx context.Context) (err error) {
		actor, err = d.gate.authenticate(ctx, h, from)
		return err
	})
	if err == nil && d.known.CompareAndSwap(false, true) {
		entryFrom(ctx).actor = actor.Who
	}

	return actor, err
}

// look checks the credential in the headers. A bad one counts against the address. It does not count where it has
// expired, or where this connection has shown a good one before: that one has ended since, and the server, not the
// caller, looks again.
//
// Beyond the limit a credential is still looked at, but those of an address wait for each other: whoever guesses gets
// slow, and whoever shares the address with them is served. API keys that were good of late need not wait.
//
// Errors: those of check; fault.RateLimited for a bad credential beyond the limit, or if too many wait.
func (d *door) look(ctx context.Context, h http.Header, check func(context.Context) error) error {
	if !carriesCredential(h) || d.known.Load() {
		return check(ctx)
	}

	wait := d.gate.failures.wait(d.address)
	if wait > 0 && !d.gate.keys.has(h) {
		leave, ok := d.gate.lanes.enter(ctx, laneOf(d.address, h))
		if !ok {
			return lockedOut(wait)
		}

		defer leave()
	}

	err := check(ctx)
	if err == nil {
		d.gate.keys.add(h)
		return nil
	}

	known := &authz.CredentialError{}
	if errors.As(err, &known) {
		entryFrom(ctx).actor = known.Who
	}

	if known.Expired || !fault.Is(err, fault.Unauthenticated) {
		return err
	}

	d.gate.keys.forget(h)
	d.gate.failures.add(d.address)
	if wait > 0 {
		return lockedOut(wait)
	}

	return err
}

// Admit returns the context of one more operation that comes by an open connection: with an id of its own, and the
// actor whom the headers stand for, who comes from where the connection does. The context must be one of the
// connection's request, or come from it.
//
// The first bad credential of a connection counts against its address like that of a request. Once one was good,
// further looks do not count.
//
// Errors: as Authenticate; fault.RateLimited for a bad first credential from an address that has shown too many.
func Admit(ctx context.Context, h http.Header) (context.Context, error) {
	d, ok := ctx.Value(doorKey{}).(*door)
	if !ok {
		return nil, errors.New("admit: the request did not come through NewHandler")
	}

	id := ident.New[request]().String()
	actor, err := d.let(ctx, h, id)
	if err != nil {
		return nil, err
	}

	return authz.WithActor(context.WithValue(ctx, requestIDKey{}, id), actor), nil
}
