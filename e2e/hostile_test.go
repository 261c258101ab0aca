package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// texts are what people send who mean no good, or whose program is broken.
var texts = []any{
	"", " ", "\x00", "a\x00b", "\u202e", "\ufeff", strings.Repeat("a", 5000), strings.Repeat("é",
		901), "../../etc/passwd", "a//b", "%2e%2e/", "?x=1&y=2",
	"'; DROP TABLE secret; --", "{}", "[]", "null", "\n\r\t", "𝕏", "a\u0301", "WyJcdTAwMDAiXQ",
	"WyI5OTk5OTk5OTk5OTkiXQ", "W10", "bnVsbA", "-1",
	"9223372036854775808", "1e999", "P99999999999W", "0000-00-00T00:00:00Z", "2026-01-01T00:00:00+24:00", nil, true,
	1.5, -1, 99999999999, []any{}, map[string]any{"a": "\x00"},
}

// holders are operations that take a text as $s where a caller may put one. The type of $s is what the schema says
// there.
var holders = []string{
	`query($s: ID!) { datastore(id: $s) { id } }`,
	`query($s: String) { datastores(after: $s) { nodes { id } } }`,
	`query($s: String) { datastores(nameContains: $s) { nodes { id } } }`,
	`query($s: Int) { datastores(first: $s) { nodes { id } } }`,
	`query($s: String) { secrets(after: $s) { nodes { id } } }`,
	`query($s: String) { secrets(filter: {nameContains: $s}) { nodes { id } } }`,
	`query($s: String) { secrets { nodes { versions(after: $s) { nodes { version } } } } }`,
	`query($s: String) { apiKeys(after: $s) { nodes { id } } }`,
	`query($s: String) { auditEvents(after: $s) { nodes { id } } }`,
	`query($s: String) { members(after: $s) { nodes { id } } }`,
	`mutation($s: String!) { setMemberRole(input: {email: $s, role: VIEWER}) { member { id } } }`,
	`mutation($s: String) { updateWorkspace(input: {name: $s}) { workspace { id } } }`,
	`query($s: String!) { datastores { nodes { object(key: $s) { id } } } }`,
	`query($s: String) { datastores { nodes { objects(prefix: $s) { nodes { id } } } } }`,
	`query($s: String) { datastores { nodes { objects(after: $s) { nodes { id } } } } }`,
	`query($s: Int!) { datastores(first: 1) { nodes { objects(first: 10) { nodes { current { content(maxBytes: $s) { truncated } } } } } } }`,
	`mutation($s: String!) { createDatastore(input: {name: $s}) { datastore { id } } }`,
	`mutation($s: String) { createDatastore(input: {name: "x", description: $s}) { datastore { id } } }`,
	`mutation($s: String!) { createUploadURL(input: {datastoreId: "@D@", key: $s, contentType: "text/csv"}) { method } }`,
	`mutation($s: String!) { createUploadURL(input: {datastoreId: "@D@", key: "k", contentType: $s}) { method } }`,
	`mutation($s: BigInt) { createUploadURL(input: {datastoreId: "@D@", key: "k", contentType: "a/b", maxBytes: $s}) { method } }`,
	`mutation($s: String) { createUploadURL(input: {datastoreId: "@D@", key: "k", contentType: "a/b", md5: $s}) { method } }`,
	`mutation($s: Int) { createUploadURL(input: {datastoreId: "@D@", key: "k", contentType: "a/b", ifVersion: $s}) { method } }`,
	`mutation($s: Duration!) { createUploadURL(input: {datastoreId: "@D@", key: "k", contentType: "a/b", expiresIn: $s}) { method } }`,
	`mutation($s: String) { createUploadURL(input: {datastoreId: "@D@", key: "k", contentType: "a/b", mode: RESUMABLE, origin: $s}) { method } }`,
	`mutation($s: JSONObject) { createUploadURL(input: {datastoreId: "@D@", key: "k", contentType: "a/b", metadata: $s}) { method } }`,
	`mutation($s: String) { createUploadURL(input: {datastoreId: "@D@", key: "k", contentType: "a/b", metadata: {k: $s}}) { method } }`,
	`mutation { createUploadURL(input: {datastoreId: "@D@", key: "k", contentType: "a/b", metadata: {k: "\u0000"}}) { method } }`,
	`mutation($s: String) { updateDatastore(input: {datastoreId: "@D@", description: $s}) { datastore { id } } }`,
	`query($s: String) { auditEvents(filter: {action: $s}) { nodes { id } } }`,
	`query($s: ID) { auditEvents(filter: {targetId: $s, principalId: $s}) { nodes { id } } }`,
	`query($s: DateTime) { auditEvents(filter: {since: $s, until: $s}) { nodes { id } } }`,
	`query($s: String) { datastores { nodes { uploads(after: $s) { nodes { id } } } } }`,
	`mutation($s: String!) { createDownloadURL(input: {datastoreId: "@D@", key: $s}) { url } }`,
	`mutation($s: String) { createDownloadURL(input: {datastoreId: "@D@", key: "there", filename: $s}) { expiresAt } }`,
	`mutation($s: Int) { createDownloadURL(input: {datastoreId: "@D@", key: "there", version: $s}) { expiresAt } }`,
	`mutation($s: Int) { deleteObject(input: {datastoreId: "@D@", key: "k", ifVersion: $s}) { objectId } }`,
	`query($s: String) { datastores(first: 1) { nodes { objects(first: 1) { nodes { versions(after: $s) { nodes { version } } } } } } }`,
	`mutation($s: String!) { copyObject(input: {datastoreId: "@D@", key: "there", targetDatastoreId: "@D@", targetKey: $s}) { version { version } } }`,
	`mutation($s: String!) { copyObject(input: {datastoreId: "@D@", key: $s, targetDatastoreId: "@D@", targetKey: "k"}) { version { version } } }`,
	`mutation($s: Int) { copyObject(input: {datastoreId: "@D@", key: "there", version: $s, targetDatastoreId: "@D@", targetKey: "k", ifTargetVersion: $s}) { version { version } } }`,
	`mutation($s: String) { copyObject(input: {datastoreId: "@D@", key: "there", targetDatastoreId: "@D@", targetKey: "k", idempotencyKey: $s}) { version { version } } }`,
	`mutation($s: String!) { renameObject(input: {datastoreId: "@D@", key: $s, newKey: "k"}) { object { key } } }`,
	`mutation($s: String!) { renameObject(input: {datastoreId: "@D@", key: "none", newKey: $s}) { object { key } } }`,
	`mutation($s: JSONObject!) { updateObject(input: {datastoreId: "@D@", key: "there", metadata: $s}) { version { metadata } } }`,
	`mutation($s: Int!) { restoreObjectVersion(input: {datastoreId: "@D@", key: "there", version: $s, ifVersion: $s}) { version { version } } }`,
	`mutation($s: [String!]) { updateDatastore(input: {datastoreId: "@D@", contentTypes: $s}) { datastore { id } } }`,
	`mutation($s: BigInt) { updateDatastore(input: {datastoreId: "@D@", maxObjectBytes: $s}) { datastore { id } } }`,
	`mutation($s: Int) { updateDatastore(input: {datastoreId: "@D@", keepVersions: $s}) { datastore { id } } }`,
	`mutation($s: String!) { createSecret(input: {name: $s, value: {text: "v"}}) { secret { id } } }`,
	`mutation($s: SecretString!) { createSecret(input: {name: "t", value: {text: $s}}) { secret { id } } }`,
	`mutation($s: SecretString!) { createSecret(input: {name: "j", value: {json: $s}}) { secret { id } } }`,
	`mutation($s: SecretString!) { createSecret(input: {name: "b", value: {base64: $s}}) { secret { id } } }`,
	`mutation($s: SecretValueInput!) { createSecret(input: {name: "o", value: $s}) { secret { id } } }`,
	`mutation($s: String) { revealSecret(input: {secretId: "x", reason: $s}) { version } }`,
	`mutation($s: Int) { revealSecret(input: {secretId: "x", version: $s}) { version } }`,
	`mutation($s: String!) { createAPIKey(input: {name: $s, scopes: [AUDIT_READ]}) { apiKey { id } } }`,
	`mutation($s: DateTime) { createAPIKey(input: {name: "k", scopes: [AUDIT_READ], expiresAt: $s}) { apiKey { id } } }`,
	`mutation($s: [Scope!]!) { createAPIKey(input: {name: "k", scopes: $s}) { apiKey { id } } }`,
}

// TestHostile_AnyText_IsAnsweredWithoutFault sends every text to every place.
func TestHostile_AnyText_IsAnsweredWithoutFault(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	admin := w.user("acme", authz.Admin)
	a := w.do(admin, `mutation { createDatastore(input: {name: "there"}) { datastore { id } } }`, nil)
	id := a.text("data", "createDatastore", "datastore", "id")
	a = w.do(admin, `mutation($d: ID!) { createUploadURL(input: {datastoreId: $d, key: "there", contentType: "text/csv", maxBytes: "9"}) { url } }`, map[string]any{"d": id})
	w.put(a.text("data", "createUploadURL", "url"), "text/csv", 9, strings.NewReader("a"), http.StatusOK)
	calls := 0
	for _, holder := range holders {
		for _, text := range texts {
			a := w.do(admin, strings.ReplaceAll(holder, "@D@", id), map[string]any{"s": text})
			calls++
			if code := a.code(); a.status >= 500 || code == "INTERNAL" || code == "UNAVAILABLE" {
				t.Errorf("%q in %s: %d %s", text, holder, a.status, a.body)
			}
		}
	}
	t.Logf("%d calls", calls)
}

// TestBrowser_RequestsWithoutPreflight_HaveNoEffect sends what a page of another origin can send by itself.
func TestBrowser_RequestsWithoutPreflight_HaveNoEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	mutation := `{"query":"mutation { createDatastore(input: {name: \"forged\"}) { datastore { id } } }"}`
	for _, contentType := range []string{"text/plain", "application/x-www-form-urlencoded",
		"multipart/form-data; boundary=x", ""} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+w.address+"/graphql",
			strings.NewReader(mutation))
		testkit.Must(t, err)
		credential := w.user("acme", authz.Admin)
		r.Header.Set(credential.header, credential.value)
		r.Header.Set("Content-Type", contentType)
		response, err := client.Do(r)
		testkit.Must(t, err)
		_ = response.Body.Close()
		if response.StatusCode != http.StatusUnsupportedMediaType {
			t.Errorf("%q: %d", contentType, response.StatusCode)
		}
	}
	if a := w.do(w.user("acme", authz.Admin), `{ datastores { nodes { name } } }`,
		nil); strings.Contains(string(a.body), "forged") {
		t.Errorf("it had an effect: %s", a.body)
	}
}
