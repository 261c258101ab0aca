package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestDenials_AreOnRecordWithTargetReasonAndAddress_AndTheFoldWhenTheServerStops is what an admin looks for after an
// alert.
func TestDenials_AreOnRecordWithTargetReasonAndAddress_AndTheFoldWhenTheServerStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	p, err := shared.serve(shared.binary, t.Name())
	testkit.Must(t, err)
	defer func() { _ = p.stop() }()
	there := *w
	there.address = p.address
	admin := w.user("acme", authz.Admin)
	a := w.do(admin, `mutation($v: SecretString!) { createSecret(input: {name: "stripe", value: {text: $v}}) { secret { id } } }`, map[string]any{"v": w.canaries.add("denials")})
	secret := map[string]any{"id": a.text("data", "createSecret", "secret", "id")}
	for range 3 {
		if got := there.do(w.user("acme", authz.Editor),
			`mutation($id: ID!) { revealSecret(input: {secretId: $id, reason: "the pager rang"}) { value } }`,
			secret); got.code() != "FORBIDDEN" {
			t.Fatalf("an editor: %s", got.body)
		}
	}
	made := w.do(admin, `mutation { createAPIKey(input: {name: "inside", scopes: [SECRETS_READ], allowedNetworks: ["192.0.2.0/24"]}) { token apiKey { id } } }`, nil)
	token, key := made.text("data", "createAPIKey", "token"), made.text("data", "createAPIKey", "apiKey", "id")
	w.canaries.note(token)
	if got := there.do(credential{"X-API-Key", token}, `{ viewer { role } }`, nil); got.code() != "FORBIDDEN" {
		t.Errorf("from elsewhere: %s", got.body)
	}
	there.do(credential{"Authorization", "Bearer bad"}, `{ viewer { role } }`, nil)
	testkit.Must(t, p.stop())

	const events = `query($id: ID!) { auditEvents(filter: {targetId: $id, action: "access.denied"}) { nodes { risk ip reason targetId details } } }`
	nodes := func(id string) []any {
		all, _ := w.do(admin, events, map[string]any{"id": id}).at("data", "auditEvents", "nodes").([]any)
		return all
	}
	denied := fmt.Sprint(nodes(secret["id"].(string)))
	if len(nodes(secret["id"].(string))) != 2 || strings.Count(denied, "the pager rang") != 2 ||
		!strings.Contains(denied, "addresses:[127.0.0.1]") ||
		!strings.Contains(denied, "denialsSuppressed:1") {
		t.Errorf("the reveals are on record as %s", denied)
	}
	if outside := nodes(key); len(outside) != 1 || !strings.Contains(fmt.Sprint(outside), "risk:HIGH") ||
		!strings.Contains(fmt.Sprint(outside), "ip:127.0.0.1") {
		t.Errorf("the key from elsewhere is on record as %v", outside)
	}
	for _, line := range []string{
		`"status":403`, fmt.Sprintf(`"workspaceId":"","actorKind":"API_KEY","actorId":"%s"`, key), `"status":401`,
	} {
		if !strings.Contains(string(p.said()), line) {
			t.Errorf("%s is not in the log: %s", line, p.said())
		}
	}
}
