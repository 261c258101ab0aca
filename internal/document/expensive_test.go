package document_test

import (
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/core"

	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/document/documenttest"
)

func TestCost_TooMuch_NamesTheFieldToAskLessOf(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		limit           int
		query           string
		variables       map[string]any
		field, argument string
		say             string
	}{
		"a list within a list": {100,
			`{cheap:viewer{id} mine:viewer{p:people(first:3){nodes{all:people(first:100){nodes{id}}}}}}`, nil,
			"mine.p.nodes.all", "first",
			"The operation costs 309 points; at most 100 are allowed. `mine.p.nodes.all` costs 98 % of them: " +
				"lower its `first: 100`."},
		"the outer list asks for more": {100, `{viewer{people(first:90){nodes{people(first:2){nodes{id}}}}}}`, nil,
			"viewer.people", "first", "costs 99 % of them: lower its `first: 90`."},
		"a variable": {30, `query($n:Int){one:people(first:$n){nodes{id}}}`, map[string]any{"n": 40},
			"one", "first", "lower its `first: 40`."},
		"a default":      {10, `{people{nodes{id}}}`, nil, "people", "first", "lower its `first: 20`, which is the default."},
		"no size at all": {10, `{bare{nodes{id}}}`, nil, "bare", "first", "give it a `first`."},
		"a list of ids": {3, `{nodes(ids:["1","2","3","4"]){friend{id}}}`, nil,
			"nodes", "ids", "name fewer `ids` than 4."},
		"content": {10, `{c:content(maxBytes:1000000){a:base64 text} viewer{id}}`, nil,
			"c", "maxBytes", "costs 99 % of them: lower its `maxBytes: 1000000`."},
		"within fragments": {50, `{viewer{...A}} fragment A on Person{...{friend{...B}}}
			fragment B on Person{many:people(first:60){nodes{id}} few:people(first:2){nodes{id}}}`, nil,
			"viewer.friend.many", "first", "lower its `first: 60`."},
		"nothing that can be lowered": {100, `mutation{a:revealSecret(id:"1")}`, nil, "a", "",
			"`a` costs 100 % of them: leave it out, or ask for less below it."},
		"many of little each": {3, `{a:viewer{id} b:viewer{id} c:viewer{id} d:viewer{id}}`, nil, "a", "",
			"`a` costs 25 % of them: leave it out, or ask for less below it."},
	} {
		got := documenttest.Send(t, costing(test.limit), documenttest.GraphQLResponse,
			map[string]any{"query": test.query, "variables": test.variables})
		if len(got.Errors) != 1 {
			t.Errorf("%s: %s", name, got.Text)
			continue
		}
		said := got.Errors[0]
		argument, _ := said.Extensions["argument"].(string)
		if said.Extensions["field"] != test.field || argument != test.argument ||
			!strings.HasSuffix(said.Message, test.say) {
			t.Errorf("%s: %s", name, got.Text)
		}
	}
}

func TestCost_AstronomicalNumber_IsExplainedAsWell(t *testing.T) {
	t.Parallel()
	deep := "{viewer{" + strings.Repeat("people(first:100){nodes{", 4) + "id" + strings.Repeat("}}", 4) + "}}"
	got := documenttest.Ask(t, costing(document.DefaultCost), deep)
	if len(got.Errors) != 1 || !strings.HasPrefix(got.Errors[0].Extensions["field"].(string), "viewer.people") ||
		!strings.Contains(got.Errors[0].Message, "at least 1000000 points") {
		t.Errorf("got %s", got.Text)
	}
}

func explained(t *testing.T, query string) int {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		t.Fatal(err)
	}
	core.Walk(documenttest.Schema, doc, &core.Events{})
	return document.Explain(doc, nil)
}

func TestExpensive_FragmentsDouble_WorkGrowsNoFaster(t *testing.T) {
	t.Parallel()
	for name, shape := range map[string]func(n int) string{"nested": nestedSpreads, "pairs": doubling} {
		once, twice := explained(t, shape(250)), explained(t, shape(500))
		if float64(twice) > 2.5*float64(once) {
			t.Errorf("%s: %d nodes became %d", name, once, twice)
		}
	}
}
