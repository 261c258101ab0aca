package document_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fault"
)

func TestAtMostOnce_SecondReveal_IsInvalid(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for _, query := range []string{
		`mutation{a:revealSecret(id:"1") b:revealSecret(id:"2")}`,
		`mutation{revealSecret(id:"1") ...F} fragment F on Mutation{b:revealSecret(id:"2")}`,
		`mutation{...F ...G} fragment F on Mutation{revealSecret(id:"1")} fragment G on Mutation{...F}`,
		`mutation{...{a:revealSecret(id:"1")} ...on Mutation{...{b:revealSecret(id:"2")}}}`,
		`mutation{a:revealSecret(id:"1") b:revealSecret(id:"2")@skip(if:true)}`,
		`mutation A{rotateSecret(input:{id:"1"})...F} fragment F on Mutation{a:revealSecret(id:"1") b:revealSecret(id:"1")}`,
	} {
		if got := documenttest.Ask(t, server, query); got.Code() != string(fault.Invalid) || got.Data != nil || got.Status != 400 {
			t.Errorf("%s: got %d %s", query, got.Status, got.Text)
		}
	}
}

func TestAtMostOnce_OneReveal_IsRun(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for _, query := range []string{
		`mutation{revealSecret:rotateSecret(input:{id:"1"}) a:revealSecret(id:"2")}`,
		`mutation{...F} fragment F on Mutation{revealSecret(id:"2")}`,
	} {
		if got := documenttest.Ask(t, server, query); got.Errors != nil {
			t.Errorf("%s: got %s", query, got.Text)
		}
	}
}

func TestAtMostOnce_RevealInTheOtherOperation_IsRun(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	params := map[string]any{
		"query":         `mutation A{revealSecret(id:"1")} mutation B{revealSecret(id:"2")}`,
		"operationName": "B",
	}
	if got := documenttest.Send(t, server, "", params); got.Errors != nil {
		t.Fatalf("got %s", got.Text)
	}
}
