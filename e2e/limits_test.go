package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
)

// atLimit are, by the flag of a limit, a number other than its default and a document that has n of what it bounds.
var atLimit = map[string]struct {
	n  int
	of func(n int) string
}{
	"--max-document-bytes":  {9000, func(n int) string { return `{ viewer { role } }` + strings.Repeat(" ", n-19) }},
	"--max-document-tokens": {600, func(n int) string { return `{ viewer { role } }` + strings.Repeat("\n#", n-6) }},
	"--max-root-fields":     {7, func(n int) string { return "{" + strings.Repeat("viewer{role}", n) + "}" }},
	"--max-aliases": {11, func(n int) string {
		var all strings.Builder
		for i := range n {
			fmt.Fprintf(&all, " a%d:role", i)
		}
		return "{viewer{" + all.String() + "}}"
	}},
	"--max-depth": {9, func(n int) string {
		return "{datastores(first:1){nodes{objects(first:1){nodes{" +
			strings.Repeat("current{object{", (n-5)/2) + strings.Repeat("current{", (n-5)%2) + "id" + strings.Repeat("}", n)
	}},
	"--max-introspection-depth": {13, func(n int) string {
		return "{__schema{types{" + strings.Repeat("ofType{", n-3) + "name" + strings.Repeat("}", n)
	}},
	"--max-directives": {12, func(n int) string { return "{viewer{" + strings.Repeat("role @skip(if:false) ", n) + "}}" }},
	"--max-fragments":  {14, func(n int) string { return "{viewer{" + strings.Repeat("...{role}", n) + "}}" }},
}

func TestLimit_OfASetting_HoldsAtItsNumberAndNotBeyond(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	flags := []string{"--no-jobs", "--max-cost", "3000", "--max-failed-credentials", "3"}
	for flag, limit := range atLimit {
		flags = append(flags, flag, strconv.Itoa(limit.n))
	}
	p := shared.serveWith(t, "limits", append(flags, "--metrics-listen", "127.0.0.1:0")...)
	w.address = p.address
	viewer := w.user("acme", authz.Viewer)
	for flag, limit := range atLimit {
		if a := w.do(viewer, limit.of(limit.n), nil); a.code() != "" {
			t.Errorf("%s %d: %s", flag, limit.n, a.body)
		}
		a := w.do(viewer, limit.of(limit.n+1), nil)
		if a.code() != "QUERY_TOO_COSTLY" || !strings.Contains(string(a.body), fmt.Sprintf("at most %d ", limit.n)) {
			t.Errorf("%s %d and one more: %s", flag, limit.n, a.body)
		}
	}
	const pages = `query($n: Int) { datastores(first: 100) { nodes { objects(first: $n) { nodes { id } } } } }`
	a := w.do(viewer, pages, map[string]any{"n": 25})
	if cost := a.number("extensions", "cost", "requestedQueryCost"); a.code() != "" || cost <= 2000 || cost > 3000 ||
		a.number("extensions", "cost", "maximumQueryCost") != 3000 {
		t.Errorf("%d points: %s", cost, a.body)
	}
	if a := w.do(viewer, pages, map[string]any{"n": 35}); a.code() != "QUERY_TOO_COSTLY" ||
		!strings.Contains(string(a.body), `"limit":3000`) {
		t.Errorf("too dear: %s", a.body)
	}
	for n, status := range []int{401, 401, 401, http.StatusTooManyRequests} {
		if a := w.do(credential{"X-API-Key", "bad"}, `{ viewer { role } }`, nil); a.status != status {
			t.Errorf("bad credential %d: %d %s", n+1, a.status, a.body)
		}
	}
	text := w.metrics(p)
	for _, flag := range append(slices.Collect(maps.Keys(atLimit)), "--max-cost", "--max-failed-credentials") {
		if !strings.Contains(text, `data_api_limits_hit_total{limit="`+strings.TrimPrefix(flag, "--")+`"} 1`+"\n") {
			t.Errorf("%s was hit once: %s", flag, text)
		}
	}
}
