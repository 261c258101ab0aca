package e2e

import (
	"encoding/json"
	"maps"
	"strings"
	"sync"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// duplicates is how often each mutation is sent at once.
const duplicates = 100

// repeatable is a mutation that takes an idempotency key.
type repeatable struct {
	document  string
	variables map[string]any
	// other is an input that differs from the first, by variables.
	other map[string]any
	// same is where in the answer stands what must be the same in each, and once where stands what one answer alone
	// may have.
	same [][]string
	once []string
	// action is what it puts on record.
	action string
	// who sends it; nil is acme's admin.
	who *credential
}

func (w *world) repeatables() map[string]repeatable {
	ids := w.own()
	value, other := w.canaries.add("idempotent"), w.canaries.add("idempotent")
	runtime := w.apiKey("acme", authz.RunsExecute)
	return map[string]repeatable{
		"createDatastore": {
			document:  `mutation($name: String!, $key: String) { createDatastore(input: {name: $name, idempotencyKey: $key}) { datastore { id name } } }`,
			variables: map[string]any{"name": "once"},
			other:     map[string]any{"name": "twice"},
			same:      [][]string{{"datastore", "id"}},
			action:    "datastore.created",
		},
		"createAPIKey": {
			document:  `mutation($name: String!, $key: String) { createAPIKey(input: {name: $name, scopes: [AUDIT_READ], idempotencyKey: $key}) { apiKey { id prefix } token } }`,
			variables: map[string]any{"name": "once"},
			other:     map[string]any{"name": "twice"},
			same:      [][]string{{"apiKey", "id"}, {"apiKey", "prefix"}},
			once:      []string{"token"},
			action:    "api_key.created",
		},
		"createUploadURL": {
			document: `mutation($d: ID!, $k: String!, $key: String) { createUploadURL(input: {datastoreId: $d, key: $k, contentType: "text/csv", maxBytes: "9", idempotencyKey: $key}) {
				upload { id expiresAt state } url headers { name value } } }`,
			variables: map[string]any{"d": ids["datastore"], "k": "once"},
			other:     map[string]any{"d": ids["datastore"], "k": "twice"},
			same:      [][]string{{"upload", "id"}, {"upload", "expiresAt"}},
			action:    "datastore.upload_url_created",
		},
		"runStorageStep": {
			document: `mutation($d: ID!, $t: String!, $key: String) { runStorageStep(input: {run: {runId: "r", stepId: "s"}, action: PUT, datastoreId: $d, key: "put once",
				text: $t, idempotencyKey: $key}) { version { id version createdAt crc32c object { id current { id } } } } }`,
			variables: map[string]any{"d": ids["datastore"], "t": "once"},
			other:     map[string]any{"d": ids["datastore"], "t": "twice"},
			same: [][]string{{"version", "id"}, {"version", "createdAt"}, {"version", "crc32c"},
				{"version", "object", "id"}, {"version", "object", "current", "id"}},
			action: "datastore.step_executed",
			who:    &runtime,
		},
		"copyObject": {
			document: `mutation($d: ID!, $k: String!, $key: String) { copyObject(input: {datastoreId: $d, key: "k", targetDatastoreId: $d, targetKey: $k, idempotencyKey: $key}) {
				version { id version createdAt object { id } } } }`,
			variables: map[string]any{"d": ids["datastore"], "k": "copied once"},
			other:     map[string]any{"d": ids["datastore"], "k": "copied twice"},
			same:      [][]string{{"version", "id"}, {"version", "createdAt"}, {"version", "object", "id"}},
			action:    "datastore.object_created",
		},
		"restoreObjectVersion": {
			document: `mutation($d: ID!, $n: Int!, $key: String) { restoreObjectVersion(input: {datastoreId: $d, key: "k", version: $n, idempotencyKey: $key}) {
				version { id version createdAt object { id } } } }`,
			variables: map[string]any{"d": w.replacedOnce("replaced-once"), "n": 1},
			other:     map[string]any{"d": ids["datastore"], "n": 2},
			same:      [][]string{{"version", "id"}, {"version", "createdAt"}, {"version", "object", "id"}},
			action:    "datastore.object_restored",
		},
		"renameObject": {
			document: `mutation($d: ID!, $k: String!, $key: String) { renameObject(input: {datastoreId: $d, key: "k", newKey: $k, idempotencyKey: $key}) {
				object { id key current { id version } } } }`,
			variables: map[string]any{"d": w.replacedOnce("renamed-once"), "k": "once"},
			other:     map[string]any{"d": ids["datastore"], "k": "twice"},
			same:      [][]string{{"object", "id"}, {"object", "key"}, {"object", "current", "id"}},
			action:    "datastore.object_renamed",
		},
		"session": {
			document: `mutation($d: ID!, $k: String!, $key: String) { session: createUploadURL(input: {datastoreId: $d, key: $k, contentType: "text/csv", maxBytes: "9", mode: RESUMABLE, idempotencyKey: $key}) {
				upload { id expiresAt state } url headers { name value } } }`,
			variables: map[string]any{"d": ids["datastore"], "k": "session"},
			other:     map[string]any{"d": ids["datastore"], "k": "sessions"},
			same:      [][]string{{"upload", "id"}, {"upload", "expiresAt"}, {"url"}},
			action:    "datastore.upload_url_created",
		},
		"createSecret": {
			document:  `mutation($name: String!, $v: SecretString!, $key: String) { createSecret(input: {name: $name, value: {text: $v}, idempotencyKey: $key}) { secret { id } } }`,
			variables: map[string]any{"name": "once", "v": value},
			other:     map[string]any{"name": "once", "v": other},
			same:      [][]string{{"secret", "id"}},
			action:    "secret.created",
		},
		"rotateSecret": {
			document:  `mutation($s: ID!, $v: SecretString!, $key: String) { rotateSecret(input: {secretId: $s, value: {text: $v}, idempotencyKey: $key}) { secret { id } version { version createdAt } } }`,
			variables: map[string]any{"s": ids["secret"], "v": value},
			other:     map[string]any{"s": ids["secret"], "v": other},
			same:      [][]string{{"secret", "id"}, {"version", "createdAt"}},
			action:    "secret.rotated",
		},
		"rollbackSecret": {
			document:  `mutation($s: ID!, $n: Int!, $key: String) { rollbackSecret(input: {secretId: $s, version: $n, idempotencyKey: $key}) { secret { id } version { version createdAt } } }`,
			variables: map[string]any{"s": w.rotatedOnce(), "n": 1},
			other:     map[string]any{"s": ids["secret"], "n": 2},
			same:      [][]string{{"secret", "id"}, {"version", "createdAt"}},
			action:    "secret.rolled_back",
		},
	}
}

// replacedOnce is a new datastore of acme's whose object k has two versions.
func (w *world) replacedOnce(name string) string {
	w.t.Helper()
	admin := w.user("acme", authz.Admin)
	id := w.do(admin, `mutation($n: String!) { createDatastore(input: {name: $n, keepVersions: 3}) { datastore { id } } }`,
		map[string]any{"n": name}).text("data", "createDatastore", "datastore", "id")
	for _, content := range []string{"a", "b"} {
		a := w.do(admin, `mutation($d: ID!) { createUploadURL(input: {datastoreId: $d, key: "k", contentType: "text/csv", maxBytes: "9"}) { url upload { id } } }`, map[string]any{"d": id})
		w.put(a.text("data", "createUploadURL", "url"), "text/csv", 9, strings.NewReader(content), 200)
		a = w.do(admin, `mutation($u: ID!) { completeUpload(input: {uploadId: $u}) { object { id } } }`,
			map[string]any{"u": a.text("data", "createUploadURL", "upload", "id")})
		if a.text("data", "completeUpload", "object", "id") == "" {
			w.t.Fatalf("%s", a.body)
		}
	}
	return id
}

// rotatedOnce is a secret of acme's with two versions.
func (w *world) rotatedOnce() string {
	w.t.Helper()
	admin := w.user("acme", authz.Admin)
	id := w.do(admin, `mutation($v: SecretString!) { createSecret(input: {name: "rotated-once", value: {text: $v}}) { secret { id } } }`,
		map[string]any{"v": w.canaries.add("idempotent")}).text("data", "createSecret", "secret", "id")
	a := w.do(admin, `mutation($s: ID!, $v: SecretString!) { rotateSecret(input: {secretId: $s, value: {text: $v}}) { version { version } } }`,
		map[string]any{"s": id, "v": w.canaries.add("idempotent")})
	if a.code() != "" {
		w.t.Fatalf("%s", a.body)
	}
	return id
}

// TestIdempotency_AHundredDuplicatesAtOnce_HaveOneEffect sends each mutation to two servers a hundred times at the
// same time.
func TestIdempotency_AHundredDuplicatesAtOnce_HaveOneEffect(t *testing.T) {
	t.Parallel()
	second := newReplica(t, shared)
	w := newWorld(t, shared)
	admin := w.user("acme", authz.Admin)
	for name, m := range w.repeatables() {
		before := w.recorded(m.action)
		m.variables["key"] = name + "-1"
		who := admin
		if m.who != nil {
			who = *m.who
		}
		answers := w.sendAtOnce(t, second, who, m.document, m.variables)
		checkSame(t, name, m, answers)
		if n := w.recorded(m.action) - before; n != 1 {
			t.Errorf("%s: %d events of %s", name, n, m.action)
		}
		m.other["key"] = name + "-1"
		if a := w.do(who, m.document, m.other); a.code() != "IDEMPOTENCY_MISMATCH" {
			t.Errorf("%s with the same key and another input: %s", name, a.body)
		}
	}
}

// newReplica is another server on the same backends.
func newReplica(t *testing.T, s *stack) string {
	t.Helper()
	p, err := s.serve(s.binary, strings.ReplaceAll(t.Name(), "/", "-"))
	testkit.Must(t, err)
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	})
	return p.address
}

func (w *world) sendAtOnce(
	t *testing.T, second string, who credential, document string, variables map[string]any,
) []answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	testkit.Must(t, err)
	there := *w
	there.address = second
	answers := make([]answer, duplicates)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			server := w
			if i%2 == 1 {
				server = &there
			}
			var err error
			if answers[i], err = server.send(who, body); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	return answers
}

func checkSame(t *testing.T, name string, m repeatable, answers []answer) {
	t.Helper()
	told := 0
	for _, a := range answers {
		if a.code() != "" {
			t.Fatalf("%s: %s", name, a.body)
		}
		for _, path := range m.same {
			path := append([]string{"data", name}, path...)
			if got, want := a.text(path...), answers[0].text(path...); got == "" || got != want {
				t.Errorf("%s answers %s %q, and %q", name, path, got, want)
			}
		}
		if m.once != nil && a.text(append([]string{"data", name}, m.once...)...) != "" {
			told++
		}
	}
	if m.once != nil && told != 1 {
		t.Errorf("%s: %d answers have %s", name, told, m.once)
	}
}

// recorded is how many events of an action acme's log has.
func (w *world) recorded(action string) int {
	w.t.Helper()
	a := w.do(w.user("acme", authz.Admin),
		`query($a: String) { auditEvents(first: 100, filter: {action: $a}) { nodes { id } } }`,
		map[string]any{"a": action})
	nodes, _ := a.at("data", "auditEvents", "nodes").([]any)
	return len(nodes)
}

// TestIdempotency_CreateWorkspaceAHundredTimesAtOnce_MakesOne is for the mutation whose claim lies in the workspace
// that it makes.
func TestIdempotency_CreateWorkspaceAHundredTimesAtOnce_MakesOne(t *testing.T) {
	t.Parallel()
	second := newReplica(t, shared)
	w := newWorld(t, shared)
	founder, other := w.founder("founder", true), w.founder("other", true)
	document := `mutation($name: String!, $key: String) { createWorkspace(input: {name: $name, region: "europe-west1", idempotencyKey: $key}) { workspace { id name createdAt } } }`
	variables := map[string]any{"name": "new", "key": "k"}
	answers := w.sendAtOnce(t, second, founder, document, variables)
	checkSame(t, "createWorkspace",
		repeatable{same: [][]string{{"workspace", "id"}, {"workspace", "createdAt"}}}, answers)
	id := answers[0].text("data", "createWorkspace", "workspace", "id")
	a := w.doIn(id, founder,
		`{ workspaces { id } viewer { role } auditEvents { nodes { action actor { label } } } members { totalCount } }`)
	if events, _ := a.at("data", "auditEvents", "nodes").([]any); len(events) != 1 ||
		a.text("data", "viewer", "role") != "ADMIN" || strings.Count(string(a.body), id) != 1 {
		t.Errorf("the founder sees %s", a.body)
	}
	renamed := maps.Clone(variables)
	renamed["name"] = "other"
	if a := w.do(founder, document, renamed); a.code() != "IDEMPOTENCY_MISMATCH" {
		t.Errorf("the same key with another name: %s", a.body)
	}
	if a := w.do(other, document, variables); a.code() != "" ||
		a.text("data", "createWorkspace", "workspace", "id") == id {
		t.Errorf("another person with the same key: %s", a.body)
	}
}
