package document_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fault"
)

func nest(depth int, leaf string) string {
	return strings.Repeat("friend{", depth) + leaf + strings.Repeat("}", depth)
}

func repeat(n int, format string) string {
	var out strings.Builder
	for i := range n {
		fmt.Fprintf(&out, format, i)
	}
	return out.String()
}

// atLimit makes, for each limit, a document that has n of what it bounds.
var atLimit = map[string]struct {
	limit int
	of    func(n int) string
}{
	"bytes":              {64 << 10, func(n int) string { return pad("{viewer{id}}", n) }},
	"tokens":             {1000, func(n int) string { return "{viewer{id(a:[" + strings.Repeat("1 ", n-12) + "])}}" }},
	"comments as tokens": {1000, func(n int) string { return "{viewer{id}}" + strings.Repeat("\n#", n-6) }},
	"bytes of a name":    {100, func(n int) string { return "query " + strings.Repeat("q", n) + "{viewer{id}}" }},
	"aliases":            {30, func(n int) string { return "{viewer{" + repeat(n, " a%d:id") + "}}" }},
	"aliases of a spread": {30, func(n int) string {
		return "{viewer{" + strings.Repeat("friend{...F}", n) + "}} fragment F on Person{a:id}"
	}},
	"aliases elsewhere": {30,
		func(n int) string { return "query A{viewer{id}} query B{viewer{" + repeat(n, " a%d:id") + "}}" }},
	"root fields": {20, func(n int) string { return "{" + strings.Repeat("viewer{id}", n) + "}" }},
	"root fields, spread": {20, func(n int) string {
		return "{...F viewer{id}} fragment F on Query{" + strings.Repeat("viewer{id}", n-1) + "}"
	}},
	"root fields, inline": {20,
		func(n int) string { return "{...{..." + "{" + strings.Repeat("viewer{id}", n) + "}}}" }},
	"root fields, twice": {20, func(n int) string {
		return "{" + strings.Repeat("...F ", n/2) + strings.Repeat("viewer{id}", n%2) +
			"} fragment F on Query{viewer{id} __typename}"
	}},
	"depth": {12, func(n int) string { return "{viewer{" + nest(n-2, "id") + "}}" }},
	"depth of a fragment": {12,
		func(n int) string { return "{viewer{...F}} fragment F on Person{...{" + nest(n-2, "id") + "}}" }},
	"depth of another": {12,
		func(n int) string { return "query A{viewer{id}} query B{viewer{" + nest(n-2, "id") + "}}" }},
	"introspection depth": {15, func(n int) string {
		return "{__schema{types{" + strings.Repeat("ofType{", n-3) + "name" + strings.Repeat("}", n)
	}},
	"introspection __type": {15, func(n int) string {
		return `{...{__type(name:"Query"){` + strings.Repeat("ofType{", n-2) + "name" + strings.Repeat("}", n+1)
	}},
	"__schema": {1, func(n int) string { return "{" + strings.Repeat("__schema{queryType{name}}", n) + "}" }},
	"__type in a fragment": {1, func(n int) string {
		return "{" + strings.Repeat("...F ", n) + `} fragment F on Query{__type(name:"Query"){name}}`
	}},
	"directives": {50, func(n int) string { return "{viewer{" + strings.Repeat("id @skip(if:false)", n) + "}}" }},
	"directives, scattered": {50, func(n int) string {
		return "query @a {viewer{...F @a ...@a{id @a}}} fragment F on Person @a{" + strings.Repeat("id@a ", n-5) + "}"
	}},
	"inline fragments": {50, func(n int) string { return "{viewer{" + strings.Repeat("...{id}", n) + "}}" }},
	"fragment definitions": {50, func(n int) string {
		return "{viewer{...{" + repeat(n-1, "...F%d ") + "}}}" + repeat(n-1, "fragment F%d on Person{id}")
	}},
	"fields, spread": {2000, spreadFields},
	"points":         {2000, worth},
}

func pad(query string, n int) string { return query + strings.Repeat(" ", n-len(query)) }

// spreadFields returns a document that stands for n fields, no place filled more than twenty times.
func spreadFields(n int) string {
	return "{viewer{" + strings.Repeat("...F ", 20) + repeat(n-1-20*90, "r%d ") + "}} fragment F on Person{" +
		repeat(90, "f%d ") + "}"
}

func TestLimits_UpToTheLimit_IsNotTooCostly(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for name, c := range atLimit {
		if got := documenttest.Ask(t, server, c.of(c.limit)); got.Code() == string(fault.TooCostly) {
			t.Errorf("%s at %d: %s", name, c.limit, got.Text)
		}
	}
}

func TestLimits_OneMore_IsTooCostlyAndSaysTheLimit(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for name, c := range atLimit {
		got := documenttest.Ask(t, server, c.of(c.limit+1))
		if got.Code() != string(fault.TooCostly) || got.Status != 400 || len(got.Errors) != 1 || got.Data != nil {
			t.Errorf("%s at %d: %d %s", name, c.limit+1, got.Status, got.Text)
			continue
		}
		if !strings.Contains(got.Errors[0].Message, fmt.Sprint(c.limit)+" ") {
			t.Errorf("%s: the sentence does not name %d: %s", name, c.limit, got.Errors[0].Message)
		}
	}
}

func TestLimits_OfSettings_HoldAtTheirNumberAndNotBeyond(t *testing.T) {
	t.Parallel()
	most := document.DefaultLimits()
	most.Bytes, most.Tokens, most.Aliases, most.RootFields, most.Depth = 9000, 600, 11, 7, 9
	most.IntrospectionDepth, most.Directives, most.Fragments = 13, 12, 14
	few, dear := limiting(most), costing(3000)
	for name, n := range map[string]int{
		"bytes": 9000, "tokens": 600, "aliases": 11, "root fields": 7, "depth": 9, "introspection depth": 13,
		"directives": 12, "inline fragments": 14, "points": 3000,
	} {
		server := few
		if name == "points" {
			server = dear
		}
		if got := documenttest.Ask(t, server, atLimit[name].of(n)); got.Code() == string(fault.TooCostly) {
			t.Errorf("%s at %d: %s", name, n, got.Text)
		}
		got := documenttest.Ask(t, server, atLimit[name].of(n+1))
		if got.Code() != string(fault.TooCostly) || !strings.Contains(got.Errors[0].Message, fmt.Sprintf("at most %d ", n)) {
			t.Errorf("%s at %d: %s", name, n+1, got.Text)
		}
	}
}

func TestLimits_Document_IsRefusedAgainAndPassedAgain(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for range 3 {
		if got := documenttest.Ask(t, server, "{"+strings.Repeat("viewer{id}", 21)+
			"}"); got.Code() != string(fault.TooCostly) {
			t.Fatalf("got %s", got.Text)
		}
		if got := documenttest.Ask(t, server, "{viewer{id}}"); got.Errors != nil ||
			string(got.Data) != `{"viewer":null}` {
			t.Fatalf("got %s", got.Text)
		}
	}
}

func TestLimits_WhatIsNoOperation_IsInvalid(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for query, code := range map[string]fault.Kind{
		"":                         fault.ValidationFailed,
		"fragment F on Person{id}": fault.ValidationFailed,
		"query A{viewer{id}} query B{viewer{id}}":                                      fault.ValidationFailed,
		"{viewer{...F}} fragment F on Person{friend{...G}} fragment G on Person{...F}": fault.ValidationFailed,
		"{viewer{id}} fragment F on Person{id}":                                        fault.ValidationFailed,
		"{viewer{...Gone}}":                                                            fault.ValidationFailed,
		"{viewer{id}} fragment F on Person{...F}":                                      fault.ValidationFailed,
		"{viewer{...F}} fragment F on Person{id} fragment F on Person{name}":           fault.ValidationFailed,
		"{viewer{... @defer {id}}}":                                                    fault.ValidationFailed,
		"{echo(big:99999999999999999999)}":                                             fault.ValidationFailed,
		"{echo(ratio:1e999)}":                                                          fault.ValidationFailed,
		"{viewer{id}":                                                                  fault.ParseFailed,
		"{echo(text:\"a\nb\")}":                                                        fault.ParseFailed,
		"\x00":                                                                         fault.ParseFailed,
		"query($v: Boolean = true){viewer @skip(if: $v){id}} fragment F on Person{...Gone}": fault.ValidationFailed,
	} {
		if got := documenttest.Ask(t, server, query); got.Code() != string(code) || got.Status != 400 {
			t.Errorf("%s: got %d %s", query, got.Status, got.Text)
		}
	}
	got := documenttest.Send(t, server, "", map[string]any{"query": "query A{viewer{id}}", "operationName": "hunter2"})
	if got.Code() != string(fault.ValidationFailed) || strings.Contains(got.Text, "hunter2") {
		t.Errorf("got %s", got.Text)
	}
}
