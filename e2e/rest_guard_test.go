package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/schema"
)

// sample is a request to each route. In a path, D, S and K stand for a datastore, a secret and a key; the root field
// is what it runs.
type sample struct{ method, path, body, root string }

func samples() []sample {
	return []sample{
		{"POST", "/datastores", `{"name": ""}`, "Mutation.createDatastore"},
		{"GET", "/datastores?limit=1", "", "Query.datastores"},
		{"GET", "/datastores/D", "", "Query.datastore"},
		{"DELETE", "/datastores/D", "", "Mutation.deleteDatastore"},
		{"POST", "/datastores/D/upload-url", `{"key": "", "contentType": "a/b"}`, "Mutation.createUploadURL"},
		{"POST", "/datastores/D/download-url", `{"key": "K"}`, "Mutation.createDownloadURL"},
		{"GET", "/datastores/D/objects?prefix=k", "", "Query.datastore"},
		{"GET", "/datastores/D/objects/K", "", "Mutation.createDownloadURL"},
		{"HEAD", "/datastores/D/objects/K", "", "Query.datastore"},
		{"DELETE", "/datastores/D/objects/K", "", "Mutation.deleteObject"},
		{"POST", "/secrets", `{"name": "", "value": "x"}`, "Mutation.createSecret"},
		{"GET", "/secrets", "", "Query.secrets"},
		{"GET", "/secrets/S", "", "Query.secret"},
		{"POST", "/secrets/S/rotate", `{"value": "x"}`, "Mutation.rotateSecret"},
		{"POST", "/secrets/S/reveal", "", "Mutation.revealSecret"},
		{"DELETE", "/secrets/S", "", "Mutation.deleteSecret"},
		{"POST", "/runs/r/steps/s/storage", `{"action": "get", "datastoreId": "D", "key": "K"}`,
			"Mutation.runStorageStep"},
	}
}

func (s sample) of(datastore, secret, key string) sample {
	in := strings.NewReplacer("/D", "/"+datastore, "/S", "/"+secret, "/K", "/"+key,
		`"D"`, `"`+datastore+`"`, `"K"`, `"`+key+`"`)
	s.path, s.body = in.Replace(s.path), in.Replace(s.body)
	return s
}

func (w *world) ask(who credential, s sample, headers ...string) answer {
	w.t.Helper()
	return w.rest(who, s.method, s.path, s.body, headers...)
}

// TestREST_EveryRoute_LetsInWhomTheSchemaSays calls each route as each role, each scope and nobody.
func TestREST_EveryRoute_LetsInWhomTheSchemaSays(t *testing.T) {
	t.Parallel()
	contract, err := schema.Load()
	testkit.Must(t, err)
	rules := map[string]schema.Rule{}
	for _, rule := range schema.Rules(contract) {
		rules[rule.Name] = rule
	}
	w := newWorld(t, shared)
	described := 0
	for _, methods := range w.described().paths {
		described += len(methods)
	}
	if described != len(samples())+1 { // and the description itself
		t.Errorf("%d routes are tried of %d", len(samples()), described)
	}
	denied := 0
	for _, s := range samples() {
		s = s.of("nope", "nope", "nope")
		for _, c := range w.callers() {
			a := w.ask(c.credential, s)
			if c.actor.Kind == "" {
				if a.status != http.StatusUnauthorized || a.header.Get("WWW-Authenticate") != "Bearer" {
					t.Errorf("%s %s as nobody: %d %s", s.method, s.path, a.status, a.body)
				}
				continue
			}
			// An unknown datastore is forbidden to upload to; then nobody says which role or scope is missing.
			refused := a.status == http.StatusForbidden &&
				(a.header.Get("Content-Length") == "0" || a.text("requiredScope") != "" || s.method == "HEAD")
			if refused == rules[s.root].Allows(c.actor) || a.status >= 500 {
				t.Errorf("%s %s as %s: %d %s", s.method, s.path, c.name, a.status, a.body)
			}
			if refused {
				denied++
			}
		}
	}
	if denied < 50 {
		t.Fatalf("only %d calls were refused: the test shows nothing", denied)
	}
}

// TestREST_ForeignIDs_AreUnknownIDs asks for acme's as globex, whose answers must not tell it from what is not there.
func TestREST_ForeignIDs_AreUnknownIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	owned := w.own()
	for who, stranger := range map[string]credential{
		"admin": w.user("globex", authz.Admin),
		"key":   w.apiKey("globex", authz.AllScopes()...),
	} {
		for _, s := range samples() {
			if !strings.Contains(s.path, "/D") && !strings.Contains(s.path, "/S") && !strings.Contains(s.body, `"D"`) {
				continue
			}
			unknown := w.ask(stranger,
				s.of("01980000-0000-7000-8000-00000000dead", "01980000-0000-7000-8000-00000000dead", "k"))
			if unknown.status < 400 || unknown.status >= 500 {
				t.Errorf("%s %s, unknown: %d %s", s.method, s.path, unknown.status, unknown.body)
			}
			for _, id := range []string{"x", "..", "%00", "01980000-0000-7000-8000-00000000DEAD"} {
				if got := w.ask(stranger, s.of(id, id, "k")); got.unlikeOthers() != unknown.unlikeOthers() &&
					id != "%00" || got.status >= 500 {
					t.Errorf("as globex's %s, malformed id %q in %s %s\n got %s\nwant %s", who, id, s.method, s.path,
						got.unlikeOthers(), unknown.unlikeOthers())
				}
			}
			for kind, id := range owned {
				if got := w.ask(stranger, s.of(id, id, "k")).unlikeOthers(); got != unknown.unlikeOthers() {
					t.Errorf("as globex's %s, acme's %s in %s %s\n got %s\nwant %s", who, kind, s.method, s.path, got,
						unknown.unlikeOthers())
				}
			}
		}
	}
	for _, path := range []string{"/datastores", "/secrets"} {
		if a := w.rest(w.user("globex", authz.Admin), http.MethodGet, path, ""); a.at("totalCount") != 0.0 {
			t.Errorf("globex sees %s", a.body)
		}
	}
}

// TestREST_WorkspaceHeader_Selects as on /graphql.
func TestREST_WorkspaceHeader_Selects(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	admin := w.user("acme", authz.Admin)
	for _, id := range []string{w.globex.String(), "x", "01980000-0000-7000-8000-00000000dead"} {
		w.rest(admin, http.MethodGet, "/datastores", "", "X-Workspace-Id", id).
			want(t, http.StatusForbidden, "FORBIDDEN")
	}
	w.rest(admin, http.MethodGet, "/datastores", "", "X-Workspace-Id", w.acme.String()).want(t, http.StatusOK, "")
}
