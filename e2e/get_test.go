package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// get sends an operation by GET.
func (w *world) get(who credential, params url.Values) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, "http://"+w.address+"/graphql?"+params.Encode(),
		http.NoBody)
	testkit.Must(w.t, err)
	if who.header != "" {
		r.Header.Set(who.header, who.value)
	}
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	defer response.Body.Close()
	a := answer{status: response.StatusCode, header: response.Header}
	testkit.Must(w.t, json.NewDecoder(response.Body).Decode(&a.tree))
	return a
}

func TestGET_Query_AnswersAsPOSTDoes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	const query = `query($n: Int) { viewer { role } datastores(first: $n) { totalCount } }`
	for _, who := range []credential{w.user("acme", authz.Viewer), w.apiKey("acme", authz.DatastoresRead)} {
		got := w.get(who, url.Values{"query": {query}, "variables": {`{"n": 5}`}})
		want := w.do(who, query, map[string]any{"n": 5})
		if got.status != http.StatusOK || got.at("data", "viewer", "role") != want.at("data", "viewer", "role") ||
			got.at("data", "datastores", "totalCount") != 0.0 {
			t.Errorf("got %d %v", got.status, got.tree)
		}
		if got.header.Get("Cache-Control") != "no-store" {
			t.Errorf("got %v", got.header)
		}
	}
	if got := w.get(credential{}, url.Values{"query": {"{viewer{role}}"}}); got.status != http.StatusUnauthorized {
		t.Errorf("nobody: got %d %v", got.status, got.tree)
	}
	if got := w.get(w.user("acme", authz.Admin),
		url.Values{"query": {"{datastores(first:100){nodes{objects(first:100){nodes{id}}}}}"}}); got.code() != "QUERY_TOO_COSTLY" {
		t.Errorf("too dear: got %d %v", got.status, got.tree)
	}
}

func TestGET_Mutation_HasNoEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	admin := w.user("acme", authz.Admin)
	id := w.keepSecret()
	for _, query := range []string{
		`mutation { createDatastore(input: {name: "by GET"}) { datastore { id } } }`,
		`mutation { revealSecret(input: {secretId: "` + id + `"}) { value } }`,
	} {
		got := w.get(admin, url.Values{"query": {query}})
		if got.status != http.StatusMethodNotAllowed || got.header.Get("Allow") != "POST" ||
			got.code() != "BAD_REQUEST" || got.tree["data"] != nil {
			t.Errorf("got %d %v", got.status, got.tree)
		}
	}
	a := w.do(admin, `{ datastores { totalCount } auditEvents(filter: {action: "secret.accessed"}) { nodes { id } } }`, nil)
	events, _ := a.at("data", "auditEvents", "nodes").([]any)
	if a.at("data", "datastores", "totalCount") != 0.0 || len(events) != 0 {
		t.Errorf("it was done: %s", a.body)
	}
}

// logged is the log of the shared server once it has a request that is sent now, for its lines wait for each other.
func (w *world) logged() (log string) {
	w.t.Helper()
	last := w.get(credential{}, nil).header.Get("X-Request-Id")
	w.until("the log has the last request", func() bool {
		text, err := os.ReadFile(shared.server.log)
		testkit.Must(w.t, err)
		log = string(text)
		return last != "" && strings.Contains(log, last)
	})
	return log
}

func TestGET_QueryString_IsInNoLog(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	mark := "mark" + w.name
	for _, query := range []string{`{viewer{role}} #` + mark, `{` + mark + `}`, `mutation{` + mark + `}`,
		`{viewer{` + mark} {
		w.get(w.user("acme", authz.Admin), url.Values{"query": {query}, "variables": {`{"` + mark + `":1}`}})
	}
	if strings.Contains(w.logged(), mark) {
		t.Error("the log has a query string")
	}
}
