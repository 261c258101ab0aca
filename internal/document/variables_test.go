package document_test

import (
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fault"
)

type object = map[string]any

func TestVariables_WhatTheSchemaForbids_IsInvalidByItsPath(t *testing.T) {
	t.Parallel()
	const rotate = `mutation($input:RotateInput!){rotateSecret(input:$input)}`
	server, _ := newTestServer(nil)
	for name, c := range map[string]struct {
		query     string
		variables object
		say       string
		field     string
	}{
		"enum in another case": {`query($r:Role){echo(role:$r)}`, object{"r": "viewer"},
			"$r must be a value of the enum Role.", "r"},
		"no such enum value": {`query($r:Role){echo(role:$r)}`, object{"r": "hunter2"},
			"$r must be a value of the enum Role.", "r"},
		"enum as a number": {`query($r:Role){echo(role:$r)}`, object{"r": 1},
			"$r must be a value of the enum Role.", "r"},
		"enum as an object": {`query($r:Role){echo(role:$r)}`, object{"r": object{"hunter2": 1}},
			"$r does not fit its type.", "r"},
		"enum in a list": {rotate, object{"input": object{"id": "1", "roles": []any{"VIEWER", "admin"}}},
			"$input.roles[1] must be a value of the enum Role.", "roles"},
		"enum instead of its list": {rotate, object{"input": object{"id": "1", "roles": "admin"}},
			"$input.roles[0] must be a value of the enum Role.", "roles"},
		"two members of oneOf": {rotate,
			object{"input": object{"id": "1", "one": object{"text": "hunter2", "json": "hunter2"}}},
			"$input.one must have exactly one member, which is not null.", "one"},
		"no member of oneOf": {rotate, object{"input": object{"id": "1", "one": object{}}},
			"$input.one must have exactly one member, which is not null.", "one"},
		"null member of oneOf": {rotate, object{"input": object{"id": "1", "one": object{"text": nil}}},
			"$input.one must have exactly one member, which is not null.", "one"},
		"one and a null member": {rotate,
			object{"input": object{"id": "1", "one": object{"text": "hunter2", "json": nil}}},
			"$input.one must have exactly one member, which is not null.", "one"},
		"oneOf in oneOf": {rotate, object{"input": object{"id": "1", "one": object{"nested": object{}}}},
			"$input.one.nested must have exactly one member, which is not null.", "nested"},
		"null to skip": {`query($b:Boolean=true){echo@skip(if:$b)}`, object{"b": nil},
			"$b must not be null.", "b"},
		"null to include, fragment": {`query($b:Boolean=true){...F} fragment F on Query{...{echo}...@include(if:$b){echo}}`, object{"b": nil}, "$b must not be null.", "b"},
		"missing":                   {rotate, object{}, "$input is required.", "input"},
		"null":                      {rotate, object{"input": nil}, "$input must not be null.", "input"},
		"missing member": {rotate, object{"input": object{"value": "hunter2"}},
			"$input.id is required.", "id"},
		"null member": {rotate, object{"input": object{"id": nil}}, "$input.id must not be null.", "id"},
		"unknown member": {rotate, object{"input": object{"id": "1", "valeu": "hunter2"}},
			"$input.valeu is no field of its input type.", "valeu"},
		"member of no name": {rotate, object{"input": object{"id": "1", "hunter2 or so": 1}},
			"$input has a field that is not of its input type.", "input"},
		"member of a long name": {rotate, object{"input": object{"id": "1", strings.Repeat("hunter2", 20): 1}},
			"$input has a field that is not of its input type.", "input"},
		"no object": {rotate, object{"input": "hunter2"},
			"$input must be an object of the type RotateInput.", "input"},
		"no string": {`query($t:String){echo(text:$t)}`, object{"t": true},
			"$t must be of the type String.", "t"},
		"no integer": {`query($n:Int){echo(n:$n)}`, object{"n": 1.5},
			"$n must be of the type Int.", "n"},
		"text for an integer": {`query($n:Int){echo(n:$n)}`, object{"n": "hunter2"},
			"$n must be of the type Int.", "n"},
		"object for an id": {`query($i:[ID!]!){nodes(ids:$i){id}}`, object{"i": []any{object{"hunter2": 1}}},
			"$i[0] must be of the type ID.", "i"},
	} {
		got := documenttest.Send(t, server, documenttest.GraphQLResponse,
			object{"query": c.query, "variables": c.variables})
		if got.Code() != string(fault.Invalid) || got.Status != 400 || got.Data != nil {
			t.Errorf("%s: got %d %s", name, got.Status, got.Text)
			continue
		}
		if e := got.Errors[0]; e.Message != "The variable "+c.say || e.Extensions["field"] != c.field ||
			strings.Contains(got.Text, "hunter2") {
			t.Errorf("%s: got %s", name, got.Text)
		}
	}
}

func TestVariables_WhatTheSchemaAllows_IsRun(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for query, variables := range map[string]object{
		`query($r:Role){echo(role:$r)}`:            {"r": "ADMIN"},
		`query($r:Role=VIEWER){echo(role:$r)}`:     nil,
		`query($b:Boolean=true){echo@skip(if:$b)}`: nil,
		`query($b:Boolean=true){echo(yes:$b)}`:     {"b": nil},
		`mutation($input:RotateInput!){rotateSecret(input:$input)}`: {"input": object{
			"id":    "1",
			"one":   object{"text": "a"},
			"roles": []any{"ADMIN"},
		}},
		`mutation($id:ID!,$o:OneInput){rotateSecret(input:{id:$id,one:$o})}`: {"id": "1", "o": nil},
		// an object within a scalar has no type
		`mutation{rotateSecret(input:{id:"1",value:{a:{b:[null,{c:null}]}}})}`: nil,
	} {
		if got := documenttest.Send(t, server, "", object{"query": query, "variables": variables}); got.Errors != nil {
			t.Errorf("%s: got %s", query, got.Text)
		}
	}
}
