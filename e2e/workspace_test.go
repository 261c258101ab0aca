package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/testkit"
)

// founder is somebody who is in no workspace.
func (w *world) founder(name string, verified bool) credential {
	w.t.Helper()
	token, err := w.key.Mint(oidc.Claims{
		Issuer:        w.setting("oidcIssuer"),
		Audience:      w.setting("oidcAudience"),
		Subject:       w.name + name,
		Email:         fmt.Sprintf("%s-%s@new.example", name, w.name),
		EmailVerified: verified,
		ExpiresIn:     time.Hour,
		Now:           time.Now(),
	})
	testkit.Must(w.t, err)
	return credential{"Authorization", "Bearer " + token}
}

// TestCreateWorkspace_ByWhoMayNot_IsForbidden covers whoever is no person with a verified address, and a deployment
// that does not allow it.
func TestCreateWorkspace_ByWhoMayNot_IsForbidden(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	document := `mutation($r: String!) { createWorkspace(input: {name: "new", region: $r}) { workspace { id } } }`
	here := map[string]any{"r": "europe-west1"}
	for name, who := range map[string]credential{
		"an API key":          w.apiKey("acme", authz.AllScopes()...),
		"somebody unverified": w.founder("unverified", false),
	} {
		if a := w.do(who, document, here); a.code() != "FORBIDDEN" {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	if a := w.do(w.founder("lost", true), document, map[string]any{"r": "mars"}); a.code() != "BAD_USER_INPUT" ||
		!strings.Contains(string(a.body), "europe-west1") {
		t.Errorf("in a region that is none: %s", a.body)
	}
	p, err := w.serve(w.binary, "closed", "--open-workspaces=false")
	testkit.Must(t, err)
	defer func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	}()
	w.address = p.address
	if a := w.do(w.founder("early", true), document, here); a.code() != "FORBIDDEN" ||
		!strings.Contains(string(a.body), "operators") {
		t.Errorf("where it is not allowed: %s", a.body)
	}
}
