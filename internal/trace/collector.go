package trace

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

const (
	// every is how long a span waits for others at most, and mostWaiting how many spans wait at most: what ends
	// beyond those is lost. A batch has mostSent spans at most.
	every       = time.Second
	mostWaiting = 4096
	mostSent    = 512
	// patience is how long one try to send a batch may take, and how long it is tried again; mostPatience bounds both.
	patience     = 5 * time.Second
	mostPatience = 10 * time.Second
	// mostAnswer bounds what is read of the collector's answer, and mostSaid what the log has of it, in bytes.
	mostAnswer = 16 << 10
	mostSaid   = 500
)

// limits leave no room for events, which would have messages of errors.
var limits = sdk.SpanLimits{AttributeValueLengthLimit: 500, AttributeCountLimit: 16, LinkCountLimit: 1}

// Options say which traces are kept, and who takes them. Endpoint and Log must be given.
type Options struct {
	// Endpoint is the URL that takes OTLP over HTTP.
	Endpoint string
	// Header is sent along, as `Name: value`; empty for none.
	Header string
	// Ratio is how many of the traces that begin here are kept, 0 to 1.
	Ratio float64
	// Trusted are the networks of callers that decide for their own traces.
	Trusted []netip.Prefix
	// Version is that of this program.
	Version string
	Log     *slog.Logger
}

// New returns a tracer that sends what it keeps to a collector, beside the requests: none waits for that, and none
// fails with it. Close it.
//
// Each option of the library is set, so that none is taken from a variable OTEL_…, of the environment, but
// OTEL_RESOURCE_ATTRIBUTES.
//
// Errors: those of making an exporter.
func New(ctx context.Context, o Options) (*Tracer, error) {
	header, value, _ := strings.Cut(o.Header, ":")
	header, value = strings.TrimSpace(header), strings.TrimSpace(value)
	headers := map[string]string{}
	if header != "" {
		headers[header] = value
	}

	exporter, err := otlptracehttp.New(ctx,
		otlptracehttp.WithEndpointURL(o.Endpoint),
		otlptracehttp.WithHeaders(headers),
		otlptracehttp.WithEncoding(otlptracehttp.EncodingProtobuf),
		otlptracehttp.WithCompression(otlptracehttp.GzipCompression),
		otlptracehttp.WithMaxResponseSize(mostAnswer),
		otlptracehttp.WithRetry(otlptracehttp.RetryConfig{Enabled: true, InitialInterval: 500 * time.Millisecond,
			MaxInterval: 2 * time.Second, MaxElapsedTime: patience}),
		otlptracehttp.WithHTTPClient(&http.Client{
			Timeout:       patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("making the exporter of traces: %w", err)
	}

	// What the library says of itself would else be lines on stderr that are no JSON.
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { o.Log.Warn("traces", "error", err) }))
	provider := sdk.NewTracerProvider(
		sdk.WithSampler(sdk.AlwaysSample()), // what begins here is decided by then
		sdk.WithRawSpanLimits(limits),
		sdk.WithoutPanicRecording(),
		sdk.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "data-api"), attribute.String("service.version", o.Version))),
		sdk.WithBatcher(&collector{SpanExporter: exporter, log: o.Log, secret: value},
			sdk.WithBatchTimeout(every), sdk.WithExportTimeout(mostPatience),
			sdk.WithMaxQueueSize(mostWaiting), sdk.WithMaxExportBatchSize(mostSent)),
	)
	return &Tracer{
		provider: provider,
		tracer:   provider.Tracer("github.com/provenanceone/data-api"),
		ratio:    o.Ratio,
		trusted:  o.Trusted,
	}, nil
}

// collector sends batches on, one after the other. The log has a line when it begins to take none, and one when it
// takes them again.
type collector struct {
	sdk.SpanExporter
	log *slog.Logger
	// secret is what the log must not have, should the collector repeat it.
	secret string
	since  time.Time
}

// ExportSpans implements sdk.SpanExporter.
func (c *collector) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	err := c.SpanExporter.ExportSpans(ctx, spans)
	switch {
	case err != nil && c.since.IsZero():
		c.since = time.Now()
		c.log.Warn("the collector of traces is away", "error", c.said(err))
	case err == nil && !c.since.IsZero():
		c.log.Info("the collector of traces is back", "away", time.Since(c.since))
		c.since = time.Time{}
	}

	return nil // the log has it
}

func (c *collector) said(err error) string {
	text := err.Error()
	if c.secret != "" {
		text = strings.ReplaceAll(text, c.secret, "…")
	}

	return text[:min(len(text), mostSaid)]
}
