package e2e

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestCredentials_Good_AreServedBesideBadOnesOfTheirAddress is an office behind one address: a tab goes on sending its
// expired token, somebody guesses, and everybody else works.
func TestCredentials_Good_AreServedBesideBadOnesOfTheirAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	key, fresh := w.apiKey("acme", authz.DatastoresRead), w.apiKey("acme", authz.DatastoresRead)
	office := *w
	office.address = newReplica(t, shared)
	const read = `{ datastores { nodes { id } } }`
	if got := office.do(key, read, nil); got.code() != "" {
		t.Fatalf("the key is good: %s", got.body)
	}
	expired, err := w.key.Mint(oidc.Claims{
		Issuer:    w.setting("oidcIssuer"),
		Audience:  w.setting("oidcAudience"),
		Subject:   w.subject("acme", authz.Viewer),
		ExpiresIn: time.Minute,
		Now:       time.Now().Add(-time.Hour),
	})
	testkit.Must(t, err)
	for range 20 {
		if got := office.do(credential{"Authorization", "Bearer " + expired}, read,
			nil); got.code() != "UNAUTHENTICATED" {
			t.Fatalf("an expired token: %s", got.body)
		}
	}
	if got := office.do(credential{"Authorization", "Bearer " + forged(w, 0)}, read,
		nil); got.code() != "UNAUTHENTICATED" {
		t.Errorf("after the expired ones: %s", got.body)
	}

	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() { office.guess(t, credential{"Authorization", "Bearer " + forged(w, i)}) })
		all.Go(func() { office.guess(t, credential{"X-API-Key", authn.NewToken().Reveal()}) })
	}
	for name, who := range map[string]credential{
		"a token":                w.user("acme", authz.Viewer),
		"a key that was good":    key,
		"a key that is new here": fresh,
	} {
		all.Go(func() {
			if got, err := office.send(who, operation(read, nil)); err != nil || got.code() != "" {
				t.Errorf("%s: %s, %v", name, got.body, err)
			}
		})
	}
	all.Wait()
	if got := office.do(credential{"X-API-Key", authn.NewToken().Reveal()}, read, nil); got.code() != "RATE_LIMITED" ||
		got.header.Get("Retry-After") == "" {
		t.Errorf("one more guess: %s", got.body)
	}
	office.open(office.address, w.user("acme", authz.Viewer))
}

// forged is a token whose signature is of another one.
func forged(w *world, i int) string {
	valid := w.token("acme", authz.Viewer)
	return valid[:len(valid)-8] + fmt.Sprintf("%06dAA", i)
}

// guess sends a bad credential.
func (w *world) guess(t *testing.T, who credential) {
	got, err := w.send(who, operation(`{ datastores { nodes { id } } }`, nil))
	if err != nil || got.code() != "UNAUTHENTICATED" && got.code() != "RATE_LIMITED" {
		t.Errorf("a bad credential: %s, %v", got.body, err)
	}
}

// TestRemoveMember_TheirKeys_AreRefusedByEveryServerAtOnce has a key that its creator left behind, on another server
// and on a socket.
func TestRemoveMember_TheirKeys_AreRefusedByEveryServerAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	other := *w
	other.address = newReplica(t, shared)
	admin, email := w.user("acme", authz.Admin), "ben-"+w.name+"@acme.example"
	a := w.do(admin, `mutation($e: String!) { setMemberRole(input: {email: $e, role: ADMIN}) { member { id } } }`,
		map[string]any{"e": email})
	id := map[string]any{"id": a.text("data", "setMemberRole", "member", "id")}
	token, err := w.key.Mint(oidc.Claims{
		Issuer:        w.setting("oidcIssuer"),
		Audience:      w.setting("oidcAudience"),
		Subject:       w.name + "-ben",
		Email:         email,
		EmailVerified: true,
		ExpiresIn:     time.Hour,
		Now:           time.Now(),
	})
	testkit.Must(t, err)
	made := w.do(credential{"Authorization", "Bearer " + token},
		`mutation { createAPIKey(input: {name: "his", scopes: [SECRETS_READ]}) { token } }`, nil)
	key := credential{"X-API-Key", made.text("data", "createAPIKey", "token")}
	w.canaries.note(key.value)
	socket := other.open(other.address, key)

	removed := w.do(admin, `mutation($id: ID!) { removeMember(input: {memberId: $id}) { revokedAPIKeys { name revokedAt } removedRuntimeKeys { id } } }`, id)
	if keys, _ := removed.at("data", "removeMember", "revokedAPIKeys").([]any); len(keys) != 1 {
		t.Errorf("the answer lists %s", removed.body)
	}
	if got := other.do(key, `{ secrets { nodes { id } } }`, nil); got.code() != "UNAUTHENTICATED" {
		t.Errorf("the key goes on working: %s", got.body)
	}
	socket.ask("one", `{ secrets { nodes { id } } }`, nil)
	if code, say := socket.closed(); code != 4401 {
		t.Errorf("the socket is closed with %d %s", code, say)
	}
}
