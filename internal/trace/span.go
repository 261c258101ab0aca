package trace

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	api "go.opentelemetry.io/otel/trace"
)

// Span is a part of a trace that is kept. A nil one takes everything and keeps nothing.
type Span struct {
	span   api.Span
	tracer api.Tracer
	// inner is where OpenTelemetry finds the span, to begin others below it.
	inner context.Context
}

type spanKey struct{}

// From returns the innermost span of a context, or nil.
func From(ctx context.Context) *Span {
	s, _ := ctx.Value(spanKey{}).(*Span)
	return s
}

// unkept returns a context whose trace is not kept, whatever it was part of.
func unkept(ctx context.Context) context.Context {
	if From(ctx) == nil {
		return ctx
	}

	return context.WithValue(ctx, spanKey{}, (*Span)(nil))
}

// Start begins a part of what the context's span is about. End it.
func Start(ctx context.Context, name string) (context.Context, *Span) {
	s := From(ctx).begin(name, api.SpanKindInternal)
	if s == nil {
		return ctx, nil
	}

	return context.WithValue(ctx, spanKey{}, s), s
}

// Call begins a call of another server: a statement, a call of a cloud. End it.
func (s *Span) Call(name string) *Span { return s.begin(name, api.SpanKindClient) }

func (s *Span) begin(name string, kind api.SpanKind) *Span {
	if s == nil {
		return nil
	}

	inner, span := s.tracer.Start(s.inner, name, api.WithSpanKind(kind))
	return &Span{span: span, tracer: s.tracer, inner: inner}
}

// Name gives the span another name than it began with.
func (s *Span) Name(name string) {
	if s != nil {
		s.span.SetName(name)
	}
}

// Set sets an attribute, unless the value is empty.
func (s *Span) Set(key, value string) {
	if s != nil && value != "" {
		s.span.SetAttributes(attribute.String(key, value))
	}
}

// SetNumber sets an attribute.
func (s *Span) SetNumber(key string, value int) {
	if s != nil {
		s.span.SetAttributes(attribute.Int(key, value))
	}
}

// Fail says that what the span is about has failed, and as what: a code of the contract, or of another server. Nothing
// is said without one.
func (s *Span) Fail(code string) {
	if s != nil && code != "" {
		s.Set("error.type", code)
		s.span.SetStatus(codes.Error, "")
	}
}

// Called ends the span of a call of a cloud, in the words in which the metrics count it.
func (s *Span) Called(service, method, outcome string, failed bool) {
	if s == nil {
		return
	}

	s.Name(service + " " + method)
	s.Set("data_api.service", service)
	s.Set("data_api.method", method)
	s.Set("data_api.outcome", outcome)
	if failed {
		s.Fail(outcome)
	}

	s.End()
}

// End ends the span. Whatever is said of it afterwards is passed over.
func (s *Span) End() {
	if s != nil {
		s.span.End()
	}
}
