package document_test

import (
	_ "embed"
	"testing"

	"github.com/provenanceone/data-api/internal/document/documenttest"
)

// introspection is what graphql-js 16 asks, with all its options that the schema knows.
//
//go:embed testdata/introspection.graphql
var introspection string

func TestLimits_StandardIntrospection_IsWithin(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	if got := documenttest.Ask(t, server, introspection); got.Errors != nil {
		t.Fatalf("got %s", got.Text)
	}
}
