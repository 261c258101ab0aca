package trace_test

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"go.opentelemetry.io/otel"
	api "go.opentelemetry.io/otel/trace"

	"github.com/provenanceone/data-api/internal/trace"
	"github.com/provenanceone/data-api/internal/trace/tracetest"
)

const (
	theirTrace = "0af7651916cd43dd8448eb211c80319c"
	theirSpan  = "b7ad6b7169203331"
)

var (
	inside, outside = netip.MustParseAddr("10.1.2.3"), netip.MustParseAddr("203.0.113.7")
	trusted         = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
)

func traceparent(flags string) http.Header {
	return http.Header{"Traceparent": {"00-" + theirTrace + "-" + theirSpan + "-" + flags}, "Tracestate": {"theirs=hunter2"}}
}

func TestRequest_OfAStranger_BeginsATraceWithALinkToTheirs(t *testing.T) {
	t.Parallel()
	tracer, flush := tracetest.Tracer(t, trace.Options{Ratio: 1, Trusted: trusted, Version: "v1"})
	ctx, root, id := tracer.Request(t.Context(), traceparent("01"), outside)
	inner, field := trace.Start(ctx, "field")
	trace.From(inner).Call("statement").End()
	field.End()
	root.Name("GET /things")
	root.End()
	spans := flush()
	want := []string{"GET /things", "GET /things > field", "GET /things > field > statement"}
	if got := tracetest.Paths(spans); !slices.Equal(got, want) {
		t.Errorf("the spans are %q", got)
	}
	for _, s := range spans {
		if s.Trace != id || s.Trace == theirTrace || strings.Contains(strings.Join(s.Texts, "\n"), "hunter2") ||
			s.Resource["service.name"] != "data-api" || s.Resource["service.version"] != "v1" {
			t.Errorf("a span of trace %s is %+v", id, s)
		}
	}
	i := slices.IndexFunc(spans, func(s tracetest.Span) bool { return s.Parent == "" })
	if !slices.Equal(spans[i].Links, []string{theirTrace}) || spans[i].Kind != "server" {
		t.Errorf("the root is %+v", spans[i])
	}
}

func TestRequest_OfATrustedCaller_GoesOnWithTheirTrace(t *testing.T) {
	t.Parallel()
	tracer, flush := tracetest.Tracer(t, trace.Options{Ratio: 0, Trusted: trusted})
	_, kept, keptID := tracer.Request(t.Context(), traceparent("01"), inside)
	_, unkept, unkeptID := tracer.Request(t.Context(), traceparent("00"), inside)
	kept.End()
	if keptID != theirTrace || unkeptID != theirTrace || unkept != nil {
		t.Errorf("the traces are %s, %s, %v", keptID, unkeptID, unkept)
	}
	if spans := flush(); len(spans) != 1 || spans[0].Trace != theirTrace || spans[0].Parent != theirSpan ||
		len(spans[0].Links) != 0 || len(strings.Join(spans[0].Texts, "")) != len("request") {
		t.Errorf("the spans are %+v", spans)
	}
}

// TestRequest_OfAStrangerWhoWantsItKept_IsKeptNoMoreThanOthers has strangers choose flags and ids.
func TestRequest_OfAStrangerWhoWantsItKept_IsKeptNoMoreThanOthers(t *testing.T) {
	t.Parallel()
	tracer, flush := tracetest.Tracer(t, trace.Options{Ratio: 0, Trusted: trusted})
	for _, sent := range []http.Header{
		traceparent("01"), traceparent("ff"), nil, {"Traceparent": {"hunter2"}},
		{"Traceparent": {"00-00000000000000000000000000000001-" + theirSpan + "-01"}},
		{"Traceparent": append(traceparent("01")["Traceparent"], traceparent("01")["Traceparent"]...)},
	} {
		ctx, span, id := tracer.Request(t.Context(), sent, outside)
		if span != nil || trace.From(ctx) != nil || len(id) != len(theirTrace) || id == theirTrace {
			t.Errorf("%v is kept: %v, %s", sent, span, id)
		}
	}
	if spans := flush(); len(spans) != 0 {
		t.Errorf("the spans are %+v", spans)
	}
}

// TestRequest_ForOtherLibraries_IsInNoTrace holds that the clients of Google Cloud find no span to add theirs to.
func TestRequest_ForOtherLibraries_IsInNoTrace(t *testing.T) {
	t.Parallel()
	tracer, flush := tracetest.Tracer(t, trace.Options{Ratio: 1, Trusted: trusted})
	for _, from := range []netip.Addr{inside, outside} {
		ctx, root, _ := tracer.Request(t.Context(), traceparent("01"), from)
		ctx, field := trace.Start(ctx, "field")
		if theirs := api.SpanFromContext(ctx); theirs.IsRecording() || theirs.SpanContext().IsValid() {
			t.Errorf("they find %v", theirs.SpanContext())
		}
		_, span := otel.Tracer("theirs").Start(ctx, "GET https://storage.example/hunter2")
		span.End()
		field.End()
		root.End()
	}
	if spans := flush(); len(spans) != 4 {
		t.Errorf("the spans are %q", tracetest.Paths(spans))
	}
}

func TestBegin_WithinAnotherTrace_IsATraceOfItsOwn(t *testing.T) {
	t.Parallel()
	all, flush := tracetest.Tracer(t, trace.Options{Ratio: 1})
	none, _ := tracetest.Tracer(t, trace.Options{Ratio: 0})
	ctx, socket, _ := all.Request(t.Context(), nil, outside)
	_, operation, id := all.Begin(ctx, "operation")
	operation.Fail("INTERNAL")
	operation.End()
	socket.End()
	if unkept, _, _ := none.Begin(ctx, "operation"); trace.From(unkept) != nil {
		t.Error("what is not kept has a span")
	}
	spans := flush()
	if len(spans) != 2 || spans[0].Trace != id || spans[1].Trace == id || spans[0].Parent != "" || !spans[0].Failed ||
		spans[0].Attributes["error.type"] != "INTERNAL" || spans[1].Failed {
		t.Errorf("the spans are %+v", spans)
	}
}

// TestTracer_WithoutTraces_AllocatesNothing. Not parallel: AllocsPerRun counts the whole process.
func TestTracer_WithoutTraces_AllocatesNothing(t *testing.T) {
	unkept, _ := tracetest.Tracer(t, trace.Options{Ratio: 0})
	headers := http.Header{}
	for name, test := range map[string]struct {
		tracer *trace.Tracer
		most   float64
	}{"off": {nil, 0}, "not kept, but for its id in the log": {unkept, 1}} {
		n := testing.AllocsPerRun(100, func() {
			ctx, root, _ := test.tracer.Request(t.Context(), headers, outside)
			ctx, span := trace.Start(ctx, "field")
			call := trace.From(ctx).Call("statement")
			call.Set("key", "value")
			call.SetNumber("status", 500)
			call.Called("storage", "GET", "200", true)
			span.Fail("INTERNAL")
			span.End()
			root.Name("request")
			root.End()
		})
		if n > test.most {
			t.Errorf("%s: a request allocates %v times more, want %v", name, n, test.most)
		}
	}
}
