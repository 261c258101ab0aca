package app

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/schema"
)

// twice has a change for each mutation that updates or sets; the database fills in the ids.
var twice = map[string]string{
	"updateDatastore": `mutation { updateDatastore(input: {datastoreId: "DATASTORE", name: "new", description: "d",
		maxObjectBytes: 5, contentTypes: ["a/b"], keepVersions: 2}) { datastore { id } } }`,
	"updateObject": `mutation { updateObject(input: {datastoreId: "DATASTORE", key: "kept", metadata: {n: 1}}) {
		version { id } } }`,
	"updateSecret": `mutation { updateSecret(input: {secretId: "SECRET", name: "new", description: "d",
		rotation: {every: "PT1H", generate: {length: 20}}}) { secret { id } } }`,
	"updateWorkspace": `mutation { updateWorkspace(input: {name: "new", requireRevealReason: true}) { workspace { id } } }`,
	"setMemberRole":   `mutation { setMemberRole(input: {email: "a@b.example", role: EDITOR}) { member { id } } }`,
	"setSecretReferences": `mutation { setSecretReferences(input: {consumer: {kind: AGENT, externalId: "new", name: "N"},
		secretIds: ["SECRET"]}) { references { createdAt } } }`,
	"setTrustedDocuments": `mutation { setTrustedDocuments(input: {manifest: {me: "{ workspace { id } }"}}) {
		trustedDocuments { revision } } }`,
}

// TestUpdates_AppliedAgain_ChangeNothingAndAreNoEvent is for pipelines that apply the same settings every day.
func TestUpdates_AppliedAgain_ChangeNothingAndAreNoEvent(t *testing.T) {
	t.Parallel()
	contract, err := schema.Load()
	testkit.Must(t, err)
	for _, f := range contract.Mutation.Fields {
		if strings.HasPrefix(f.Name, "update") || strings.HasPrefix(f.Name, "set") {
			if twice[f.Name] == "" {
				t.Errorf("%s has no case here", f.Name)
			}
		}
	}
	h := newHouse(t, 1)
	for name, mutation := range twice {
		mutation = h.filledIn(t, mutation)
		h.send(t, h.admin, mutation)
		first := h.state(t)
		h.send(t, h.admin, mutation)
		if second := h.state(t); second != first {
			t.Errorf("%s, applied again, makes of\n%s\n%s", name, first, second)
		}
	}
}

// state is what updates may change, and how many events there are.
func (h house) state(t *testing.T) (state string) {
	t.Helper()
	testkit.Must(t, h.super.QueryRow(`SELECT jsonb_build_object('events', (SELECT count(*) FROM audit_event),
		'datastores', (SELECT jsonb_agg(d) FROM datastore d), 'secrets', (SELECT jsonb_agg(s) FROM secret s),
		'objects', (SELECT jsonb_agg(o) FROM object_version o),
		'workspaces', (SELECT jsonb_agg(w) FROM workspace w), 'members', (SELECT jsonb_agg(m) FROM member m),
		'references', (SELECT jsonb_agg(r) FROM secret_reference r),
		'trusted', (SELECT jsonb_agg(d) FROM trusted_documents d))::text`).Scan(&state))
	return state
}

// filledIn has ids of the database for the words DATASTORE and SECRET.
func (h house) filledIn(t *testing.T, query string) string {
	t.Helper()
	var datastore, secret string
	testkit.Must(t, h.super.QueryRow(`SELECT id FROM datastore LIMIT 1`).Scan(&datastore))
	testkit.Must(t, h.super.QueryRow(`SELECT id FROM secret WHERE state = 'ACTIVE' LIMIT 1`).Scan(&secret))
	return strings.NewReplacer("DATASTORE", datastore, "SECRET", secret).Replace(query)
}

// send asks the handler as somebody, and returns the answer without errors.
func (h house) send(t *testing.T, who authz.Actor, query string) string {
	t.Helper()
	a := h.ask(who, query, nil)
	if strings.Contains(a.body, `"errors"`) || a.status != http.StatusOK {
		t.Fatalf("%s: %d %s", query, a.status, a.body)
	}
	return a.body
}

// answer is what the handler says.
type answer struct {
	status int
	body   string
}

func (h house) ask(who authz.Actor, query string, variables map[string]any) answer {
	sent, _ := json.Marshal(map[string]any{"query": query, "variables": variables})
	r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(sent))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r.WithContext(authz.WithActor(r.Context(), who)))
	return answer{w.Code, w.Body.String()}
}

func (a answer) code() string { return a.extension("code") }

// refuses reports whether the answer refuses what was sent for a field.
func (a answer) refuses(field string) bool {
	return a.code() == "BAD_USER_INPUT" && a.extension("field") == field
}

func (a answer) extension(name string) string {
	var said struct {
		Errors []struct{ Extensions map[string]any }
	}
	if json.Unmarshal([]byte(a.body), &said) != nil || len(said.Errors) == 0 {
		return ""
	}
	text, _ := said.Errors[0].Extensions[name].(string)
	return text
}

func (h house) viewer() authz.Actor {
	who := h.admin
	who.Role = authz.Viewer
	return who
}
