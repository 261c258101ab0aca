package document_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/core"

	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/transport"
)

// billed returns what the first operation of a document that fits the test schema costs, and its points.
func billed(t testing.TB, query string, variables map[string]any, limit int) (b document.Billed, points int) {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		t.Fatal(err)
	}
	core.Walk(documenttest.Schema, doc, &core.Events{}) // which finds each field's definition, as validation does
	b = document.Bill(doc, variables, limit)
	return b, b.Points
}

func TestBill_Field_CostsWhatTheContractSays(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]int{
		`{__typename}`:                            1,
		`{viewer{id name}}`:                       1,
		`{echo}`:                                  1,
		`{viewer{friend{friend{id}}}}`:            3,
		`mutation{revealSecret(id:"1")}`:          500,
		`{people{count}}`:                         1,
		`{people{nodes{id}}}`:                     1 + 20,
		`{people(first:3){nodes{friend{id}}}}`:    1 + 3*2,
		`{people(first:0){nodes{id}}}`:            1 + 1,
		`{people(first:-9){nodes{id}}}`:           1 + 1,
		`{people(first:100){nodes{id}}}`:          1 + 100,
		`{people(first:101){nodes{id}}}`:          1 + 100,
		`{people(first:999999999999){nodes{id}}}`: 1 + 100,
		`{people(first:null){nodes{id}}}`:         1 + 20,
		`{bare{nodes{id}}}`:                       100,
		`{fifty{nodes{id}}}`:                      7 + 50,
		`{fifty{count}}`:                          7,
		`{nodes(ids:["1","2","3"]){friend{id}}}`:  1 + 3,
		`{nodes(ids:"1"){friend{id}}}`:            1 + 1,
		`{nodes(ids:[]){friend{id}}}`:             1 + 1,
		`{a:viewer{id} b:viewer{id}}`:             2,
		`{viewer{id} ...{viewer{id} ...F}} fragment F on Query{viewer{id} people{nodes{id}}}`: 3 + 21,
		`{viewer{...F ...F}} fragment F on Person{friend{id}}`:                                3,
		`{viewer{friend@skip(if:true){id}}}`:                                                  2,
		`query A{viewer{id}} query B{people{nodes{id}}}`:                                      1,
	} {
		if _, got := billed(t, query, nil, document.DefaultCost); got != want {
			t.Errorf("%s: got %d, want %d", query, got, want)
		}
	}
}

func TestBill_Bytes_CostWhatTheyAreWhereThatIsMoreThanTheFields(t *testing.T) {
	t.Parallel()
	const leaf, around = document.LeafBytes, len(`"":{},`)
	for query, want := range map[string]int{
		`{note}`:   4 + around + 5000,
		`{n:note}`: 1 + around + 5000,
		`{a:note b:note ...F} fragment F on Query{note}`: 2*(1+around+5000) + 4 + around + 5000,
		`{content{text}}`: 7 + around + 4 + around + 64,
		`{content(maxBytes:1000){text t:text base64}}`: 7 + around + 4 + 1 + 6 + 3*around + 4*1000,
		`{content(maxBytes:-1){text}}`:                 7 + around + 4 + around + 1,
		`{content(maxBytes:1099511627776){text}}`:      7 + around + 4 + around + document.Lots,
		`{content{all}}`:                               7 + around + 3 + around + document.LeavesBytes,
		// The bytes of each level are those that its own argument allows.
		`{content(maxBytes:10){text content(maxBytes:20){text ...F}}} fragment F on Content{base64}`: 7 + 4 + 7 + 4 +
			6 + 5*around + 10 + 3*20,
		`{people(first:3){nodes{id}}}`: 6 + around + 3*(5+2+2*around+leaf),
	} {
		b, _ := billed(t, query, nil, document.DefaultCost)
		if b.Bytes != want {
			t.Errorf("%s: %d bytes, want %d", query, b.Bytes, want)
		}
	}
	for query, want := range map[string]int{
		`{people(first:50){nodes{id}}}`:     51,
		`{note}`:                            1,
		`{a:note b:note}`:                   2,
		`{content(maxBytes:1000000){text}}`: 1_000_000/document.PointBytes + 1,
		`{__schema{types{name}}}`:           document.IntrospectionPoints + 1,
	} {
		if _, got := billed(t, query, nil, document.DefaultCost); got != want {
			t.Errorf("%s: got %d points, want %d", query, got, want)
		}
	}
}

func TestCost_Variables_Count(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	const friends = `friend{friend{friend{friend{friend{friend{friend{friend{friend{id}}}}}}}}}`
	for _, test := range []struct {
		query     string
		variables map[string]any
		refused   bool
	}{
		{`query($n:Int){a:people(first:$n){nodes{` + friends + `}} b:people(first:$n){nodes{` + friends + `}}}`,
			map[string]any{"n": 99}, false},
		{`query($n:Int){a:people(first:$n){nodes{` + friends + `}} b:people(first:$n){nodes{` + friends + `}}}`,
			map[string]any{"n": 100}, true},
		{`query($n:Int){a:people(first:$n){nodes{` + friends + `}} b:people(first:$n){nodes{` + friends + `}}}`,
			map[string]any{"n": "100"}, true},
		{`query($n:Int){a:people(first:$n){nodes{` + friends + `}} b:people(first:$n){nodes{` + friends + `}}}`,
			nil, false},
		{`query($n:Int){a:people(first:$n){nodes{` + friends + `}} b:people(first:$n){nodes{` + friends + `}}}`,
			map[string]any{"n": nil}, false},
		{`query($n:Int=100){a:people(first:$n){nodes{` + friends + `}} b:people(first:$n){nodes{` + friends +
			`}}}`, nil, true},
		{`query($i:[ID!]!){a:nodes(ids:$i){friend{` + friends + `}} b:nodes(ids:$i){friend{` + friends + `}}}`,
			map[string]any{"i": ids(99)}, false},
		{`query($i:[ID!]!){a:nodes(ids:$i){friend{` + friends + `}} b:nodes(ids:$i){friend{` + friends + `}}}`,
			map[string]any{"i": ids(100)}, true},
		{`query($i:[ID!]!){a:nodes(ids:$i){friend{` + friends + `}} b:nodes(ids:$i){friend{` + friends + `}}}`,
			map[string]any{"i": "1"}, false},
	} {
		got := documenttest.Send(t, server, documenttest.GraphQLResponse,
			map[string]any{"query": test.query, "variables": test.variables})
		if test.refused != (got.Code() == string(fault.TooCostly)) || test.refused != (got.Errors != nil) {
			t.Errorf("%s with %.40v: %s", test.query, test.variables, got.Text)
		}
	}
}

func ids(n int) []string { return strings.Split(strings.Repeat("i", n), "") }

// worth returns a document that costs n points, by lists of a hundred.
func worth(n int) string {
	return "{viewer{" + repeat((n-2)/100, "a%d:people(first:99){nodes{id}}") +
		fmt.Sprintf("b:people(first:%d){nodes{id}}}}", (n-2)%100)
}

func TestCost_UpToTheLimit_IsRun(t *testing.T) {
	t.Parallel()
	for _, limit := range []int{3, 110, 350, 1999} {
		server := costing(limit)
		if got := documenttest.Ask(t, server, worth(limit)); got.Errors != nil {
			t.Errorf("%d points: %s", limit, got.Text)
		}
		got := documenttest.Ask(t, server, worth(limit+1))
		if got.Code() != string(fault.TooCostly) || got.Status != 400 || got.Data != nil || len(got.Errors) != 1 {
			t.Fatalf("%d points: %d %s", limit+1, got.Status, got.Text)
		}
		said := got.Errors[0]
		if said.Extensions["cost"] != float64(limit+1) || said.Extensions["limit"] != float64(limit) ||
			!strings.Contains(said.Message, fmt.Sprint(limit+1, " points")) ||
			!strings.Contains(said.Message, fmt.Sprint("at most ", limit)) {
			t.Errorf("%d points: %s", limit+1, got.Text)
		}
	}
}

func costing(limit int) http.Handler {
	limits := document.DefaultLimits()
	limits.Cost = limit
	return limiting(limits)
}

func limiting(limits document.Limits) http.Handler {
	return transport.NewServer(documenttest.Executable(nil), transport.Options{Options: document.Options{
		Limits:    limits,
		Log:       slog.New(slog.DiscardHandler),
		RequestID: func(context.Context) string { return "" },
	}})
}

func TestCost_Refused_RunsNothing(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(func(context.Context, graphql.CollectedField) error {
		t.Error("it was run")
		return nil
	})
	got := documenttest.Ask(t, server, `{viewer{id} people(first:100){nodes{people(first:100){nodes{id}}}}}`)
	if got.Code() != string(fault.TooCostly) || got.Data != nil {
		t.Errorf("got %s", got.Text)
	}
}

func TestCost_Introspection_IsCheap(t *testing.T) {
	t.Parallel()
	if _, points := billed(t, introspection, nil, document.DefaultCost); points > 200 {
		t.Errorf("it costs %d points", points)
	}
}

func TestCost_FragmentsDouble_WorkDoubles(t *testing.T) {
	t.Parallel()
	for name, shape := range map[string]func(n int) string{
		"nested fragments": nestedSpreads,
		"pairs of spreads": doubling,
		"free fragments": func(n int) string {
			return "{viewer{...F0}}" + repeat(n, "fragment F%[1]d on Person{id ...F%[1]d_ ...F%[1]d_}fragment "+
				"F%[1]d_ on Person{id}")
		},
		"spreads of one": func(n int) string {
			return "{viewer{" + strings.Repeat("...F ", n) + "}} fragment F on Person{friend{id}}"
		},
		"fragment in cycle": func(n int) string { return strings.ReplaceAll(nestedSpreads(n), "id", "...F0") },
	} {
		once, _ := billed(t, shape(250), nil, document.Lots)
		twice, _ := billed(t, shape(500), nil, document.Lots)
		if float64(twice.Visited) > 2.5*float64(once.Visited) {
			t.Errorf("%s: %d nodes became %d", name, once.Visited, twice.Visited)
		}
	}
}

func TestCost_NestedFragments_TakeNoTime(t *testing.T) {
	t.Parallel()
	start := time.Now()
	b, points := billed(t, nestedSpreads(26), nil, document.DefaultCost)
	if took := time.Since(start); took > patience || points <= document.DefaultCost || points > document.Lots ||
		b.Visited > 4*27 {
		t.Errorf("got %d points after %v and %d nodes", points, took, b.Visited)
	}
}

func TestCost_BeyondTheLimit_IsNotCounted(t *testing.T) {
	t.Parallel()
	b, points := billed(t, "{people(first:100){nodes{friend{friends(first:1){id}}}} "+strings.Repeat("viewer{id}", 500)+
		"}", nil, 200)
	if points != 301 || b.Visited > 10 {
		t.Errorf("got %d points after %d nodes", points, b.Visited)
	}
}

func TestCost_AstronomicalNumber_StopsGrowing(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat("people(first:100){nodes{", 40) + "id" + strings.Repeat("}}", 40)
	if _, points := billed(t, "{"+deep+"}", nil, document.Lots-1); points != document.Lots {
		t.Errorf("got %d points", points)
	}
}

func TestNewServer_SchemaWithAPriceThatMakesNoSense_IsRefused(t *testing.T) {
	t.Parallel()
	for field, fits := range map[string]bool{
		`a(first: Int): Int @cost(per: "first")`: true,
		`a: Int @cost(weight: 0)`:                true,
		`a: Int @cost`:                           true,
		`a(first: Int): Int @cost(per: "last")`:  false,
		`a: Int @cost(per: "")`:                  false,
		`a: Int @cost(weight: -1)`:               false,
		`a: Int @cost(weight: 1000001)`:          false,
		`a: Int @cost(times: 100)`:               true,
		`a: Int @cost(times: 0)`:                 false,
		`a: Int @cost(times: 101)`:               false,
	} {
		s := gqlparser.MustLoadSchema(&ast.Source{Input: "directive @cost(weight: Int, per: String, times: Int, " +
			"bytes: Int, copies: Int, copied: String) on FIELD_DEFINITION type Query{" + field + "}"})
		err := document.NewCost(1, nil, nil).
			Validate(&graphql.ExecutableSchemaMock{SchemaFunc: func() *ast.Schema { return s }})
		if (err == nil) != fits {
			t.Errorf("%s: got %v", field, err)
		}
	}
}
