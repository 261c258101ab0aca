package app

import (
	"context"
	"fmt"

	"github.com/provenanceone/data-api/internal/trace"
)

// Trace has requests and jobs traced from now on, as what this version of the program does, if the settings say where
// to. Call it before Handler and Upkeep.
//
// Errors: those of trace.New.
func (a *App) Trace(ctx context.Context, version string) error {
	s := a.settings.Traces
	if s.Endpoint == "" {
		return nil
	}

	tracer, err := trace.New(ctx, trace.Options{
		Endpoint: s.Endpoint,
		Header:   s.Header,
		Ratio:    s.SampleRatio,
		Trusted:  s.Networks(),
		Version:  version,
		Log:      a.log,
	})
	if err != nil {
		return fmt.Errorf("--traces-endpoint: %w", err)
	}

	a.tracer = tracer
	return nil
}

// LastSpans sends the rest of the traces. Call it once no request comes any more.
func (a *App) LastSpans(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
	defer cancel()
	a.tracer.Close(ctx)
}
