package document_test

import (
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fault"
)

func TestUnparsable_SaysWhatAndWhereButNoLiteral(t *testing.T) {
	t.Parallel()
	server, book := newTestServer(nil)
	for query, say := range map[string]string{
		"{\n  viewer { id }":               "The document is no valid GraphQL: Name is expected here, not <EOF>.",
		`{echo(text:"hunter2" "hunter2")}`: "The document is no valid GraphQL: Name is expected here, not String.",
		`"hunter2"`:                        "The document is no valid GraphQL: <EOF> cannot stand here.",
		`hunter2 {viewer{id}}`:             "The document is no valid GraphQL: Name cannot stand here.",
		`{echo(text:"hunter2\q")}`:         "The document is no valid GraphQL.",
		`{echo(text:"hunter2`:              "The document is no valid GraphQL.",
		`{echo(text:'hunter2')}`:           "The document is no valid GraphQL.",
		`{echo(n:0123)}`:                   "The document is no valid GraphQL.",
		`fragment F hunter2 Person{id}`:    "The document is no valid GraphQL.",
	} {
		got := documenttest.Ask(t, server, query)
		if got.Code() != string(fault.ParseFailed) || got.Status != 400 || len(got.Errors) != 1 ||
			strings.Contains(got.Text, "hunter2") {
			t.Errorf("%s: got %d %s", query, got.Status, got.Text)
			continue
		}
		if e := got.Errors[0]; e.Message != say || len(e.Locations) != 1 || e.Locations[0].Line < 1 ||
			e.Locations[0].Column < 1 {
			t.Errorf("%s: got %s", query, got.Text)
		}
	}
	if book.String() != "" {
		t.Errorf("logged %s", book)
	}
}

func TestInvalid_NamesNamesButNoLiteral(t *testing.T) {
	t.Parallel()
	server, book := newTestServer(nil)
	for query, say := range map[string]string{
		`{viewer{title}}`:                                    `Cannot query field "title" on type "Person".`,
		`{viewer{id(x:"hunter2")}}`:                          `Unknown argument "x" on field "Person.id".`,
		`{viewer{id @gone(x:"hunter2")}}`:                    `Unknown directive "@gone".`,
		`{viewer{id @skip(if:true,x:"hunter2")}}`:            `Unknown argument "x" on directive "@skip".`,
		`{viewer{id @skip}}`:                                 `Directive "@skip" argument "if" of type "Boolean!" is required, but it was not provided.`,
		`query @skip(if:true){viewer{id}}`:                   `Directive "@skip" may not be used on QUERY.`,
		`{viewer{id @skip(if:true)@skip(if:true)}}`:          `The directive "@skip" can only be used once at this location.`,
		`{viewer{...on Gone{id}}}`:                           `Unknown type "Gone".`,
		`{viewer{...on Query{viewer{id}}}}`:                  `Fragment cannot be spread here as objects of type "Person" can never be of type "Query".`,
		`{viewer{...on Role{id}}}`:                           `Fragment cannot condition on non composite type "Role".`,
		`{node{id}}`:                                         `Field "node" argument "id" of type "ID!" is required, but it was not provided.`,
		`{viewer}`:                                           `Field "viewer" of type "Person!" must have a selection of subfields.`,
		`{viewer{id{x}}}`:                                    `Field "id" must not have a selection since type "ID" has no subfields.`,
		`{echo(text:hunter2)}`:                               `A value of the type String is expected here.`,
		`{echo(n:"hunter2")}`:                                `A value of the type Int is expected here.`,
		`{echo(yes:"hunter2")}`:                              `A value of the type Boolean is expected here.`,
		`{echo(ratio:"hunter2")}`:                            `A value of the type Float is expected here.`,
		`{echo(role:"hunter2")}`:                             `A value of the enum Role is expected here.`,
		`{echo(role:hunter2)}`:                               `A value of the enum Role is expected here.`,
		`{nodes(ids:{a:"hunter2"}){id}}`:                     `Field "a" is not defined by type "ID".`,
		`{nodes(ids:null){id}}`:                              `A value of the type [ID!]! is expected here.`,
		`{echo(text:"hunter2",text:"hunter2")}`:              `There can be only one argument named "text".`,
		`{echo(text:$t)}`:                                    `Variable "$t" is not defined.`,
		`query Q($t:String){echo}`:                           `Variable "$t" is never used in operation "Q".`,
		`query($t:Int){echo(text:$t)}`:                       `Variable "$t" of type "Int" used in position expecting type "String".`,
		`query($t:Person){node(id:$t){id}}`:                  `Variable "$t" cannot be non-input type "Person".`,
		`query($t:Int,$t:Int){echo(n:$t)}`:                   `There can be only one variable named "$t".`,
		`{viewer{id}} {viewer{id}}`:                          `This anonymous operation must be the only defined operation.`,
		`{x:echo(text:"hunter2") x:echo(text:"hunter3")}`:    `The fields "x" conflict: use different aliases to fetch both.`,
		`mutation{rotateSecret(input:{value:"hunter2"})}`:    `Field "RotateInput.id" of required type "ID!" was not provided.`,
		`mutation{rotateSecret(input:{id:"1",x:"hunter2"})}`: `Field "x" is not defined by type "RotateInput".`,
		`mutation{rotateSecret(input:{id:"1",one:{text:"hunter2",json:"hunter2"}})}`: `OneOf Input Object "OneInput" must specify exactly one key.`,
		`mutation{rotateSecret(input:{id:"1",one:{text:null}})}`:                     `Field "OneInput.text" must be non-null.`,
		`mutation($t:String){rotateSecret(input:{id:"1",one:{text:$t}})}`:            `Variable "$t" is of type "String" but must be non-nullable to be used for OneOf Input Object "OneInput".`,
		`mutation{rotateSecret(input:{id:"1",id:"2"})}`:                              `There can be only one input field named "id".`,
		`subscription{x}`: `Schema does not support operation type "subscription"`,
		`{__schema{types{fields{type{fields{type{fields{name}}}}}}}}`: `Maximum introspection depth exceeded`,
	} {
		got := documenttest.Ask(t, server, query)
		if got.Code() != string(fault.ValidationFailed) || got.Status != 400 || got.Data != nil ||
			strings.Contains(got.Text, "hunter") {
			t.Errorf("%s: got %d %s", query, got.Status, got.Text)
			continue
		}
		said := false
		for _, e := range got.Errors {
			said = said || e.Message == say && len(e.Locations) > 0
		}
		if !said {
			t.Errorf("%s: got %s", query, got.Text)
		}
	}
	if book.String() != "" {
		t.Errorf("logged %s", book)
	}
}
