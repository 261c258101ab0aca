package document_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fault"
)

// patience is fifty times what an answer takes, for machines under load and the race detector.
const patience = time.Second

// quickest asks up to three times, for the machine may be busy with something else, and returns the last answer.
func quickest(t *testing.T, server http.Handler, name, query string) (got documenttest.Answer) {
	t.Helper()
	best := patience
	for range 3 {
		start := time.Now()
		got = documenttest.Ask(t, server, query)
		if best = min(best, time.Since(start)); best < patience {
			return got
		}
	}
	t.Errorf("%s takes longer than %v", name, patience)
	return got
}

// doubling returns n fragments, each of which spreads the next one twice.
func doubling(n int) string {
	return "{viewer{...F0}}" + repeat(n, "fragment F%[1]d on Person{friend{...N%[1]d} friends{...N%[1]d}} fragment "+
		"N%[1]d on Person{id}")
}

// nestedSpreads returns n fragments of which each spreads the next one twice, the last one a field.
func nestedSpreads(n int) string {
	var out strings.Builder
	out.WriteString("{viewer{...F0}}")
	for i := range n {
		fmt.Fprintf(&out, "fragment F%d on Person{a:friend{...F%d}b:friend{...F%d}}", i, i+1, i+1)
	}
	fmt.Fprintf(&out, "fragment F%d on Person{id}", n)
	return out.String()
}

// hostile are the shapes that have cost servers seconds to minutes; each must be refused at once.
var hostile = map[string]string{
	"26 nested fragments":          nestedSpreads(26),
	"45 spreads without fields":    "{viewer{...F0}}" + repeat(45, "fragment F%d on Person{...F0 ...F0}"),
	"spreads that lead nowhere":    "{viewer{...F0}}" + strings.ReplaceAll(nestedSpreads(30), "id", "...Gone"),
	"483 KB of inline fragments":   "{viewer{" + strings.Repeat("...on Person{id}", 30_000) + "}}",
	"64 KB of inline fragments":    "{viewer{" + strings.Repeat("...{id}", 9_000) + "}}",
	"nested inline fragments":      "{viewer{" + strings.Repeat("...{", 300) + "id" + strings.Repeat("}", 302),
	"50,000 aliases":               "{viewer{" + repeat(50_000, "a%d:id ") + "}}",
	"100,000 unknown directives":   "{viewer{id" + strings.Repeat("@a", 100_000) + "}}",
	"unknown directives in bounds": "{viewer{id" + strings.Repeat("@a", 450) + "}}",
	"one field a thousand times":   "{viewer{" + strings.Repeat("id ", 990) + "}}",
	"deep list":                    "{nodes(ids:" + strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000) + ")}",
	"deep object": "{echo(text:" + strings.Repeat("{a:", 15_000) + "1" +
		strings.Repeat("}", 15_000) + ")}",
	"deep selection": "{" + strings.Repeat("viewer{", 9_000) + "id" + strings.Repeat("}", 9_001),
	"introspection in circles": "{__schema{types" + strings.Repeat("{fields{type", 20) + "{name}" +
		strings.Repeat("}}", 21),
	"one long name":         "{" + strings.Repeat("n", 60<<10) + "}",
	"one long number":       "{echo(n:" + strings.Repeat("9", 60<<10) + ")}",
	"64 KB of commas":       strings.Repeat(",", 64<<10),
	"comments":              strings.Repeat("#\n", 32<<10),
	"unclosed block string": `{echo(text:"""` + strings.Repeat("\n ", 30<<10),
	"braces":                strings.Repeat("{", 60<<10),
}

// dear are the dearest documents found within the limits: they pass the limiter and are refused by the validator, or
// run.
var dear = map[string]string{
	"fields that conflict": "{viewer{" + repeat(50, "friends(first:%d){id}") + "}}",
	"conflicts below": "{viewer{" + repeat(45, "friend{friends(first:%d){id}}") +
		"friend{friends(first:99){id}}}}",
	"long unknown fields":    "{viewer{" + repeat(550, strings.Repeat("n", 97)+"%03d ") + "}}",
	"long unknown arguments": "{viewer{id(" + repeat(300, strings.Repeat("n", 97)+"%03d:1 ") + ")}}",
	"long unknown types":     "query(" + repeat(220, "$v%d:"+strings.Repeat("N", 100)) + "){viewer{id}}",
	"fragments against others": "{viewer{" + repeat(49, "...F%d ") + "}}" +
		repeat(49, "fragment F%d on Person{friend{id name friends{id}}id}"),
	"many operations":   repeat(90, "query Q%d{viewer{...F}}") + "fragment F on Person{friend{id name role}}",
	"values of no type": "{nodes(ids:[" + strings.Repeat("1.5 ", 980) + "]){id}}",
}

func TestHostileDocument_IsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for name, query := range hostile {
		got := quickest(t, server, name, query)
		if got.Status != 400 || len(got.Errors) == 0 || len(got.Errors) > document.MaxErrors || len(got.Text) > 10_000 {
			t.Errorf("%s: got %d, %d errors, %d bytes", name, got.Status, len(got.Errors), len(got.Text))
		}
	}
}

func TestDearDocument_IsAnsweredAtOnce(t *testing.T) {
	t.Parallel()
	server, _ := newTestServer(nil)
	for name, query := range dear {
		got := quickest(t, server, name, query)
		if got.Code() == string(fault.TooCostly) || len(got.Errors) > document.MaxErrors || len(got.Text) > 10_000 {
			t.Errorf("%s: %d bytes: %s", name, len(got.Text), got.Text)
		}
	}
}

// work returns how many nodes the limiter goes through, without the bounds that would stop it earlier.
func work(t *testing.T, query string) int {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: query})
	if err != nil {
		t.Fatal(err)
	}
	visited, refused := document.Tally(doc, document.DefaultLimits())
	if !refused {
		t.Fatal("the document was not refused")
	}
	return visited
}

func TestTally_ShapeDoubles_WorkDoubles(t *testing.T) {
	t.Parallel()
	for name, shape := range map[string]func(n int) string{
		"nested fragments": nestedSpreads,
		"pairs of spreads": doubling,
		"inline fragments": func(n int) string { return "{viewer{" + strings.Repeat("...{id}", n) + "}}" },
		"aliases":          func(n int) string { return "{viewer{" + repeat(n, "a%d:id ") + "}}" },
		"depth":            func(n int) string { return "{viewer{" + nest(n, "id") + "}}" },
		"directives":       func(n int) string { return "{viewer{" + strings.Repeat("id @skip(if:true)", n) + "}}" },
		"spreads of one": func(n int) string {
			return "{viewer{" + strings.Repeat("...F ", n) +
				"}} fragment F on Person{a:id}"
		},
		"fragment in cycle": func(n int) string { return strings.ReplaceAll(nestedSpreads(n), "id", "...F0") },
	} {
		if once, twice := work(t, shape(250)), work(t, shape(500)); float64(twice) > 2.5*float64(once) {
			t.Errorf("%s: %d nodes became %d", name, once, twice)
		}
	}
}

func FuzzLimits(f *testing.F) {
	for _, c := range atLimit {
		f.Add(c.of(c.limit))
	}
	for _, query := range hostile {
		if len(query) < 4096 {
			f.Add(query)
		}
	}
	f.Add(`query($r:Role=ADMIN,$b:Boolean=true){echo(role:$r,text:"""hunter2""")@skip(if:$b)}`)
	server, book := newTestServer(nil)
	f.Fuzz(func(t *testing.T, query string) {
		got := documenttest.Ask(t, server, query)
		if code := got.Code(); code == string(fault.Internal) || len(got.Errors) > document.MaxErrors ||
			book.String() != "" {
			t.Fatalf("%q: %s\n%s", query, got.Text, book)
		}
	})
}
