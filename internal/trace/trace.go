// Package trace tells a collector where the time of a request, or of a job, went: as spans of OpenTelemetry.
//
// All that a span says is of this program, or of the contract, but for the name of an operation: never a variable, a
// literal, an id, a key or an address. No span has an event.
//
// A context has its span under a key of this package, and no tracer is set for the whole process: libraries that look
// for a span by OpenTelemetry's own key find none. The clients of Google Cloud do, and would add spans of theirs, with
// the names of buckets and objects.
package trace

import (
	"context"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"slices"

	"go.opentelemetry.io/otel/propagation"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"
)

// Tracer begins traces. A nil one begins none.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   api.Tracer
	ratio    float64
	trusted  []netip.Prefix
}

// Request begins the trace of a request with these headers, from this address. Its id is for the log, and is there
// whether or not the trace is kept; the span is nil if it is not. Without a tracer both are empty.
//
// A caller in a trusted network goes on with a trace of its own, and has decided whether that is kept. Everybody else's
// begins here, and what they send decides nothing: the trace has a link to theirs.
func (t *Tracer) Request(
	ctx context.Context, headers http.Header, from netip.Addr,
) (_ context.Context, s *Span, id string) {
	if t == nil {
		return ctx, nil, ""
	}

	caller := sent(ctx, headers)
	switch goesOn := caller.IsValid() && t.trusts(from); {
	case goesOn && caller.IsSampled():
		below := api.ContextWithRemoteSpanContext(ctx, caller)
		return t.begin(ctx, below, "request", api.WithSpanKind(api.SpanKindServer))
	case goesOn:
		return unkept(ctx), nil, caller.TraceID().String()
	case !t.keeps():
		return unkept(ctx), nil, newID()
	}

	return t.begin(ctx, ctx, "request", api.WithSpanKind(api.SpanKindServer),
		api.WithLinks(api.Link{SpanContext: caller}))
}

// Begin begins the trace of what is no request by itself, an operation on a socket or a job. It returns what Request
// does.
func (t *Tracer) Begin(ctx context.Context, name string) (_ context.Context, s *Span, id string) {
	switch {
	case t == nil:
		return ctx, nil, ""
	case !t.keeps():
		return unkept(ctx), nil, newID()
	}

	return t.begin(ctx, ctx, name)
}

// begin begins a span below what OpenTelemetry finds in a context, and returns ctx with it.
func (t *Tracer) begin(
	ctx, below context.Context, name string, options ...api.SpanStartOption,
) (context.Context, *Span, string) {
	inner, span := t.tracer.Start(below, name, options...)
	s := &Span{span: span, tracer: t.tracer, inner: inner}
	return context.WithValue(ctx, spanKey{}, s), s, span.SpanContext().TraceID().String()
}

// keeps decides by chance whether a trace is kept.
func (t *Tracer) keeps() bool {
	return rand.Float64() < t.ratio //nolint:gosec // it spreads load, it protects nothing
}

func (t *Tracer) trusts(from netip.Addr) bool {
	return slices.ContainsFunc(t.trusted, func(network netip.Prefix) bool { return network.Contains(from) })
}

// sent is where a caller's trace stands, as it says by traceparent; invalid if it says nothing. Its tracestate is not
// read: that is text of the caller's.
//
// Source: W3C Trace Context, "Traceparent Header".
func sent(ctx context.Context, headers http.Header) api.SpanContext {
	said := headers["Traceparent"]
	if len(said) != 1 {
		return api.SpanContext{}
	}

	return api.SpanContextFromContext(
		propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": said[0]}))
}

// newID is that of a trace which is not kept.
func newID() string {
	var id [16]byte
	binary.NativeEndian.PutUint64(id[:8], rand.Uint64()) //nolint:gosec // it protects nothing
	binary.NativeEndian.PutUint64(id[8:], rand.Uint64()) //nolint:gosec // as above
	var text [32]byte
	hex.Encode(text[:], id[:])
	return string(text[:])
}

// Close sends what waits, until ctx ends. What ends later is lost.
func (t *Tracer) Close(ctx context.Context) {
	if t != nil {
		_ = t.provider.Shutdown(ctx) // what could not be sent is in the log
	}
}
