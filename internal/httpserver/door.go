package httpserver

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/netip"
	"sync/atomic"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

// door is where who comes by one connection shows a credential, once or again and again.
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
	d := &door{gate: g, address: g.proxies.caller(r), from: authz.Origin{UserAgent: cleanUserAgent(r.UserAgent()), Page: g.origins.page(r)}}
	if d.address.IsValid() {
		d.from.IP = d.address.String()
	}
	return d
}

// lockedOut returns why no credential from the address is looked at for now; nil if it is.
func (d *door) lockedOut() *fault.Error {
	wait := d.gate.failures.wait(d.address)
	if wait <= 0 {
		return nil
	}
	seconds := int(math.Ceil(wait.Seconds()))
	return fault.New(fault.RateLimited, "Too many bad credentials came from this address. Try again in %d seconds.", seconds).With("retryAfterSeconds", seconds)
}

// let returns who shows these headers. A bad credential counts against the address, unless a good one was shown here before:
// then it is one that has ended, and looking again was not the caller's idea.
func (d *door) let(ctx context.Context, h http.Header, requestID string) (authz.Actor, error) {
	from := d.from
	from.RequestID = requestID
	actor, err := d.gate.authenticate(ctx, h, from)
	switch {
	case err == nil && d.known.CompareAndSwap(false, true):
		entryFrom(ctx).actor = actor.Who
	case err != nil && !d.known.Load() && carriesCredential(h) && fault.Is(err, fault.Unauthenticated):
		d.gate.failures.add(d.address)
	}
	return actor, err
}

// Admit returns the context of one more operation that comes by an open connection: with an id of its own, and the actor whom the headers
// stand for, who comes from where the connection does. The context must be one of the connection's request, or come from it.
//
// The first bad credential of a connection counts against its address like that of a request. Once one was good, further looks do not count.
//
// Errors: as Authenticate; fault.RateLimited for an address with too many failures, before a first credential is looked at.
func Admit(ctx context.Context, h http.Header) (context.Context, error) {
	d, ok := ctx.Value(doorKey{}).(*door)
	if !ok {
		return nil, errors.New("admit: the request did not come through NewHandler")
	}
	if f := d.lockedOut(); f != nil && !d.known.Load() {
		return nil, f
	}
	id := ident.New[request]().String()
	actor, err := d.let(ctx, h, id)
	if err != nil {
		return nil, err
	}
	return authz.WithActor(context.WithValue(ctx, requestIDKey{}, id), actor), nil
}
