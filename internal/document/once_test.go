package document_test

import (
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fault"
)

func TestOnce_SecondReveal_IsInvalid(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for _, query := range []string{
		`mutation{a:revealSecret(id:"1") b:revealSecret(id:"2")}`,
		`mutation{revealSecret(id:"1") ...F} fragment F on Mutation{b:revealSecret(id:"2")}`,
		`mutation{...F ...G} fragment F on Mutation{revealSecret(id:"1")} fragment G on Mutation{...F}`,
		`mutation{...{a:revealSecret(id:"1")} ...on Mutation{...{b:revealSecret(id:"2")}}}`,
		`mutation{a:revealSecret(id:"1") b:revealSecret(id:"2")@skip(if:true)}`,
		`mutation A{rotateSecret(input:{id:"1"})...F} fragment F on Mutation{a:revealSecret(id:"1") b:revealSecret(id:"1")}`,
		`mutation{injectSecrets revealSecret(id:"1") ...{...F}} fragment F on Mutation{a:injectSecrets}`,
	} {
		if got := documenttest.Ask(t, server, query); got.Code() != string(fault.Invalid) || got.Data != nil ||
			got.Status != 400 {
			t.Errorf("%s: got %d %s", query, got.Status, got.Text)
		}
	}
}

func TestOnce_OneReveal_IsRun(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for _, query := range []string{
		`mutation{revealSecret:rotateSecret(input:{id:"1"}) a:revealSecret(id:"2")}`,
		`mutation{...F} fragment F on Mutation{revealSecret(id:"2")}`,
		`mutation{revealSecret(id:"1") injectSecrets rotateSecret(input:{id:"1"}) b:rotateSecret(input:{id:"1"})}`,
	} {
		if got := documenttest.Ask(t, server, query); got.Errors != nil {
			t.Errorf("%s: got %s", query, got.Text)
		}
	}
}

func TestOnce_RevealInTheOtherOperation_IsRun(t *testing.T) {
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

func TestOnce_BelowTheRoot_IsRefused(t *testing.T) {
	t.Parallel()
	for fields, fits := range map[string]bool{
		"type Query{a: B} type B{c: Int}":                                   true,
		"type Query{a: B @once} type B{c: Int}":                             true,
		"type Query{a: B} type B{c: Int @once}":                             false,
		"type Query{a: B} interface B{c: Int @once}":                        false,
		"type Query{a: Int} type Mutation{a: Int @once}":                    true,
		"type Query{a: Int} type Subscription{a: Int @once} type X{a: Int}": true,
	} {
		s := gqlparser.MustLoadSchema(&ast.Source{Input: "directive @once on FIELD_DEFINITION " + fields})
		err := document.NewOnce().Validate(&graphql.ExecutableSchemaMock{SchemaFunc: func() *ast.Schema { return s }})
		if (err == nil) != fits {
			t.Errorf("%s: got %v", fields, err)
		}
	}
}
