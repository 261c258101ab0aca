package e2e

import (
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
)

// TestReplicas_WhatOneChanges_HoldsOnTheOtherAtOnce runs two servers on one set of backends.
func TestReplicas_WhatOneChanges_HoldsOnTheOtherAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	other := *w
	other.address = newReplica(t, shared)
	admin, editor := w.user("acme", authz.Admin), w.user("acme", authz.Editor)

	a := w.do(admin, `mutation { createAPIKey(input: {name: "k", scopes: [SECRETS_READ]}) { token apiKey { id } } }`, nil)
	key := credential{"X-API-Key", a.text("data", "createAPIKey", "token")}
	if got := other.do(key, `{ secrets { nodes { id } } }`, nil); got.code() != "" {
		t.Fatalf("the key is not known to the other: %s", got.body)
	}
	w.do(admin, `mutation($id: ID!) { revokeAPIKey(input: {apiKeyId: $id}) { apiKey { id } } }`,
		map[string]any{"id": a.text("data", "createAPIKey", "apiKey", "id")})
	if got := other.do(key, `{ secrets { nodes { id } } }`, nil); got.code() != "UNAUTHENTICATED" {
		t.Errorf("a revoked key: %s", got.body)
	}

	v := w.canaries.add("replicas")
	a = w.do(editor, `mutation($v: SecretString!) { createSecret(input: {name: "s", value: {text: $v}}) { secret { id } } }`, map[string]any{"v": v})
	secret := map[string]any{"id": a.text("data", "createSecret", "secret", "id"), "v": w.canaries.add("replicas")}
	w.do(editor, `mutation($id: ID!, $v: SecretString!) { rotateSecret(input: {secretId: $id, value: {text: $v}}) { version { version } } }`, secret)
	if got := other.do(admin, `mutation($id: ID!) { revealSecret(input: {secretId: $id}) { value } }`,
		secret); got.text("data", "revealSecret", "value") != secret["v"] {
		t.Error("the other revealed an old value after rotate had answered")
	}

	w.do(admin, `mutation { setMemberRole(input: {email: "editor@acme.example", role: VIEWER}) { member { id } } }`, nil)
	if got := other.do(editor, `mutation { createDatastore(input: {name: "x"}) { datastore { id } } }`,
		nil); got.code() != "FORBIDDEN" {
		t.Errorf("a lowered role: %s", got.body)
	}
}
