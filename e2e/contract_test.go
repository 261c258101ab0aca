package e2e

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestContract_Served_IsTheCommittedOne asks for the contract as text and by introspection: both say who may.
func TestContract_Served_IsTheCommittedOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	committed, err := os.ReadFile("../schema.graphql")
	testkit.Must(t, err)
	for _, who := range []credential{w.user("acme", authz.Viewer), w.apiKey("acme", authz.SecretsInject)} {
		if status, text := w.contract(who); status != http.StatusOK || text != string(committed) {
			t.Errorf("got %d, and %d bytes of %d", status, len(text), len(committed))
		}
	}
	if status, text := w.contract(credential{}); status != http.StatusUnauthorized ||
		!strings.Contains(text, "UNAUTHENTICATED") {
		t.Errorf("nobody: got %d %s", status, text)
	}
	got := w.do(w.user("acme", authz.Viewer),
		`{ errorCodes __schema { directives { name } } __type(name: "Query") { fields { description } } }`, nil)
	for _, want := range []string{`"IDEMPOTENCY_MISMATCH"`, "Who may: users with the role ADMIN; no API key."} {
		if !strings.Contains(string(got.body), want) {
			t.Errorf("%s is not in the answer", want)
		}
	}
	if strings.Contains(string(got.body), `"defer"`) {
		t.Error("@defer is offered")
	}
}

func (w *world) contract(who credential) (status int, text string) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, "http://"+w.address+"/schema.graphql",
		http.NoBody)
	testkit.Must(w.t, err)
	if who.header != "" {
		r.Header.Set(who.header, who.value)
	}
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	testkit.Must(w.t, err)
	return response.StatusCode, string(body)
}
