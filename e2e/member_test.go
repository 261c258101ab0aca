package e2e

import (
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestInvitation_FirstSignInByManyRequestsAtOnce_JoinsOnceAndServesAll sends what a console sends when it is opened
// for the first time.
func TestInvitation_FirstSignInByManyRequestsAtOnce_JoinsOnceAndServesAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	email := "many-" + w.name + "@acme.example"
	admin := w.user("acme", authz.Admin)
	w.do(admin, `mutation($e: String!) { setMemberRole(input: {email: $e, role: VIEWER}) { member { id } } }`,
		map[string]any{"e": email})
	token, err := w.key.Mint(oidc.Claims{
		Issuer:        w.setting("oidcIssuer"),
		Audience:      w.setting("oidcAudience"),
		Subject:       w.name + "-many",
		Email:         email,
		EmailVerified: true,
		ExpiresIn:     time.Hour,
		Now:           time.Now(),
	})
	testkit.Must(t, err)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			a, err := w.send(credential{"Authorization", "Bearer " + token},
				[]byte(`{"query":"{ datastores { nodes { id } } }"}`))
			if err != nil || a.code() != "" {
				t.Errorf("a request of the first sign-in got %s, %v", a.body, err)
			}
		})
	}
	all.Wait()
	a := w.do(admin, `{ auditEvents(filter: {action: "member.joined"}) { nodes { targetLabel } } }`, nil)
	if nodes, _ := a.at("data", "auditEvents", "nodes").([]any); len(nodes) != 1 {
		t.Errorf("joining is on record as %s", a.body)
	}
}
