package app

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/httpserver"
)

func TestLimits_OfSettings_AreThose(t *testing.T) {
	t.Parallel()
	set := config.Requests{
		Cost: 3000, DocumentBytes: 9000, DocumentTokens: 600, RootFields: 7, Aliases: 11, Depth: 9,
		IntrospectionDepth: 13, Directives: 12, Fragments: 14, FailedCredentials: 3, HeaderBytes: 24 << 10,
		RequestTime: 2 * time.Second, HeaderTime: time.Second, BodyTime: 3 * time.Second, IdleTime: time.Hour,
	}
	a := &App{settings: config.Serve{Requests: set}}
	want := httpserver.Limits{
		BodyBytes: 1 << 20, JSONDepth: 64, Request: 2 * time.Second, FailedCredentials: 3, HeaderBytes: 24 << 10,
		Headers: time.Second, Body: 3 * time.Second, Idle: time.Hour,
	}
	if got := a.Limits(); got != want {
		t.Errorf("got %+v", got)
	}
	documents := document.Limits{
		Bytes: 9000, Tokens: 600, NameBytes: 100, Aliases: 11, Fields: 2000, RootFields: 7, Repeats: 50, Depth: 9,
		IntrospectionDepth: 13, Directives: 12, Fragments: 14, Cost: 3000,
	}
	if got := documentLimits(set); got != documents {
		t.Errorf("got %+v", got)
	}
	if (&App{}).Limits() != httpserver.DefaultLimits() || documentLimits(config.Requests{}) != document.DefaultLimits() {
		t.Error("what is not set is not the default")
	}
}
