package e2e

import (
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
)

// owned are ids of everything that acme has.
func (w *world) own() map[string]string {
	w.t.Helper()
	admin := w.user("acme", authz.Admin)
	ids := map[string]string{}
	a := w.do(admin, `mutation { createDatastore(input: {name: "reports"}) { datastore { id } } }`, nil)
	ids["datastore"] = a.text("data", "createDatastore", "datastore", "id")
	a = w.do(admin, `mutation($d: ID!) { createUploadURL(input: {datastoreId: $d, key: "k", contentType: "text/csv", maxBytes: "9"}) { url upload { id } } }`, map[string]any{"d": ids["datastore"]})
	ids["upload"] = a.text("data", "createUploadURL", "upload", "id")
	w.put(a.text("data", "createUploadURL", "url"), "text/csv", 9, strings.NewReader("a"), 200)
	a = w.do(admin, `mutation($u: ID!) { completeUpload(input: {uploadId: $u}) { object { id current { id } } } }`,
		map[string]any{"u": ids["upload"]})
	ids["object"], ids["version"] = a.text("data", "completeUpload", "object", "id"), a.text("data", "completeUpload",
		"object", "current", "id")
	a = w.do(admin, `mutation($d: ID!) { deleteObjects(input: {datastoreId: $d, prefix: "nothing", dryRun: false}) { deletion { id } } }`, map[string]any{"d": ids["datastore"]})
	ids["deletion"] = a.text("data", "deleteObjects", "deletion", "id")
	a = w.do(admin, `mutation($v: SecretString!) { createSecret(input: {name: "s", value: {text: $v}}) { secret { id } } }`, map[string]any{"v": w.canaries.add("own")})
	ids["secret"] = a.text("data", "createSecret", "secret", "id")
	a = w.do(admin, `mutation { createAPIKey(input: {name: "k", scopes: [AUDIT_READ]}) { apiKey { id } } }`, nil)
	ids["key"] = a.text("data", "createAPIKey", "apiKey", "id")
	a = w.do(admin, `{ auditEvents(first: 1) { nodes { id } } }`, nil)
	nodes, _ := a.at("data", "auditEvents", "nodes").([]any)
	event, _ := nodes[0].(map[string]any)
	ids["event"], _ = event["id"].(string)
	a = w.do(admin, `mutation { setMemberRole(input: {email: "guest@acme.example", role: VIEWER}) { member { id } } }`, nil)
	ids["member"] = a.text("data", "setMemberRole", "member", "id")
	a = w.do(admin, `mutation { addRuntimeKey(input: {name: "runtime", publicKey: "CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}) { runtimeKey { id } } }`, nil)
	ids["runtimeKey"] = a.text("data", "addRuntimeKey", "runtimeKey", "id")
	ids["lease"] = w.inject(w.apiKey("acme", authz.SecretsInject),
		injection{secret: ids["secret"], runtimeKey: ids["runtimeKey"]}).text("data", "injectSecrets", "leaseId")
	for kind, id := range ids {
		if id == "" {
			w.t.Fatalf("acme has no %s", kind)
		}
	}
	return ids
}

// takers are operations that take an id as $id, each field of the schema that does at least once.
var takers = []string{
	`query($id: ID!) { node(id: $id) { __typename id } }`,
	`query($id: ID!) { nodes(ids: [$id, $id]) { __typename id } }`,
	`query($id: ID!) { datastore(id: $id) { name } }`,
	`query($id: ID!) { secret(id: $id) { name } }`,
	`query($id: ID!) { auditEvent(id: $id) { action } }`,
	`mutation($id: ID!) { createUploadURL(input: {datastoreId: $id, key: "k", contentType: "text/csv"}) { method } }`,
	`mutation($id: ID!) { completeUpload(input: {uploadId: $id}) { upload { state } } }`,
	`mutation($id: ID!) { cancelUpload(input: {uploadId: $id}) { upload { state } } }`,
	`mutation($id: ID!) { updateDatastore(input: {datastoreId: $id, name: "x"}) { datastore { name } } }`,
	`mutation($id: ID!) { deleteDatastore(input: {datastoreId: $id}) { datastoreId } }`,
	`mutation($id: ID!) { deleteDatastore(input: {datastoreId: $id, force: true}) { datastoreId } }`,
	`mutation($id: ID!) { deleteObjects(input: {datastoreId: $id, prefix: ""}) { objectCount } }`,
	`mutation($id: ID!) { deleteObjects(input: {datastoreId: $id, prefix: "", dryRun: false}) { objectCount } }`,
	`mutation($id: ID!) { createDownloadURL(input: {datastoreId: $id, key: "k"}) { expiresAt } }`,
	`mutation($id: ID!) { deleteObject(input: {datastoreId: $id, key: "k"}) { objectId } }`,
	`mutation($id: ID!) { copyObject(input: {datastoreId: $id, key: "k", targetDatastoreId: $id, targetKey: "x"}) { version { version } } }`,
	`mutation($id: ID!) { restoreObjectVersion(input: {datastoreId: $id, key: "k", version: 1}) { version { version } } }`,
	`mutation($id: ID!) { renameObject(input: {datastoreId: $id, key: "k", newKey: "x"}) { object { key } } }`,
	`mutation($id: ID!) { updateObject(input: {datastoreId: $id, key: "k", metadata: {x: 1}}) { version { version } } }`,
	`mutation($id: ID!) { rotateSecret(input: {secretId: $id, value: {text: "x"}}) { version { version } } }`,
	`mutation($id: ID!) { revealSecret(input: {secretId: $id}) { version } }`,
	`mutation($id: ID!) { updateSecret(input: {secretId: $id, name: "x"}) { secret { name } } }`,
	`mutation($id: ID!) { rollbackSecret(input: {secretId: $id, version: 1}) { version { version } } }`,
	`mutation($id: ID!) { destroySecretVersion(input: {secretId: $id, version: 1}) { secret { name } } }`,
	`mutation($id: ID!) { restoreSecret(input: {secretId: $id}) { secret { name } } }`,
	`mutation($id: ID!) { deleteSecret(input: {secretId: $id, force: true}) { secret { name } } }`,
	`mutation($id: ID!) { deleteSecret(input: {secretId: $id}) { secret { name } } }`,
	`mutation($id: ID!) { removeMember(input: {memberId: $id}) { memberId } }`,
	`mutation($id: ID!) { revokeAPIKey(input: {apiKeyId: $id}) { apiKey { name } } }`,
	`mutation($id: ID!) { removeRuntimeKey(input: {runtimeKeyId: $id}) { runtimeKeyId } }`,
	`mutation($id: ID!) { runStorageStep(input: {run: {runId: "r", stepId: "s"}, action: GET, datastoreId: $id, key: "k"}) { version { id } content { text } } }`,
	`mutation($id: ID!) { runStorageStep(input: {run: {runId: "r", stepId: "s"}, action: PUT, datastoreId: $id, key: "k", text: "x"}) { version { id } } }`,
	`mutation($id: ID!) { runStorageStep(input: {run: {runId: "r", stepId: "s"}, action: LIST, datastoreId: $id}) { objects { nodes { key } } } }`,
	`mutation($id: ID!) { runStorageStep(input: {run: {runId: "r", stepId: "s"}, action: DELETE, datastoreId: $id,
		key: "k"}) { version { id } } }`,
	`mutation($id: ID!) { createUploadURL(input: {datastoreId: $id, key: "k", contentType: "text/csv", run: {runId: "r", stepId: "s"}}) { method } }`,
	`mutation($id: ID!) { injectSecrets(input: {run: {runId: "r", stepId: "s"}, consumer: {kind: WORKFLOW, externalId: "wf"}, runtimeKeyId: $id,
		secrets: [{secretId: "01980000-0000-7000-8000-00000000dead"}]}) { leaseId } }`,
	`mutation($id: ID!) { redactOutput(input: {leaseId: $id, token: "x", output: "eA=="}) { output } }`,
	`mutation($id: ID!) { endLease(input: {leaseId: $id, token: "x"}) { leaseId } }`,
}

// TestIsolation_ForeignIDs_AreUnknownIDs asks globex's admin and a key of globex for everything of acme's.
func TestIsolation_ForeignIDs_AreUnknownIDs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	owned := w.own()
	strangers := map[string]credential{
		"admin": w.user("globex", authz.Admin),
		"key":   w.apiKey("globex", authz.AllScopes()...),
	}
	for who, stranger := range strangers {
		for _, taker := range takers {
			unknown := string(w.do(stranger, taker, map[string]any{"id": "01980000-0000-7000-8000-00000000dead"}).body)
			for _, malformed := range []string{"x", "", "01980000-0000-7000-8000-00000000DEAD",
				"{01980000-0000-7000-8000-00000000dead}", "' OR 1=1 --"} {
				if got := string(w.do(stranger, taker, map[string]any{"id": malformed}).body); got != unknown {
					t.Errorf("as globex's %s, malformed id %q of %s\n got %s\nwant %s", who, malformed, taker,
						got, unknown)
				}
			}
			for kind, id := range owned {
				if got := string(w.do(stranger, taker, map[string]any{"id": id}).body); got != unknown {
					t.Errorf("as globex's %s, acme's %s in %s\n got %s\nwant %s", who, kind, taker, got, unknown)
				}
			}
		}
	}
}

// TestIsolation_Lists_HoldNothingForeign asks globex for every list there is.
func TestIsolation_Lists_HoldNothingForeign(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	owned := w.own()
	a := w.do(w.user("globex", authz.Admin),
		`{ datastores { nodes { id } } secrets { nodes { id } } apiKeys { nodes { id } } runtimeKeys { nodes { id } } members { nodes { id } } auditEvents { nodes { id targetId } }
		workspace { id usage { objectCount usedBytes secretCount } } }`, nil)
	if a.at("data", "datastores", "nodes") == nil || a.code() != "" {
		t.Fatalf("got %s", a.body)
	}
	for kind, id := range owned {
		if strings.Contains(string(a.body), id) {
			t.Errorf("globex sees acme's %s: %s", kind, a.body)
		}
	}
	if a.text("data", "workspace", "usage", "usedBytes") != "0" ||
		a.text("data", "workspace", "id") != w.globex.String() {
		t.Errorf("globex's workspace is %s", a.body)
	}
}

// TestIsolation_ForeignWorkspaceHeader_IsRefusedAlike asks for acme by header, as globex.
func TestIsolation_ForeignWorkspaceHeader_IsRefusedAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	admin := w.user("globex", authz.Admin)
	answers := map[string]string{}
	for _, id := range []string{w.acme.String(), "01980000-0000-7000-8000-00000000dead", "x"} {
		a := w.doIn(id, admin, `{ secrets { nodes { id } } }`)
		if a.code() != "FORBIDDEN" {
			t.Errorf("%s: %s", id, a.body)
		}
		answers[string(a.body)] = id
	}
	if len(answers) != 1 {
		t.Errorf("foreign, unknown and malformed workspaces can be told apart: %v", answers)
	}
	if a := w.doIn(w.globex.String(), admin, `{ secrets { nodes { id } } }`); a.code() != "" {
		t.Errorf("its own workspace: %s", a.body)
	}
}
