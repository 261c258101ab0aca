package e2e

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestWorkspacesCreate_FirstAdmin_SignsInAndIsOne makes the first workspace of a deployment as its operator does.
func TestWorkspacesCreate_FirstAdmin_SignsInAndIsOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	email := "First-" + w.name + "@new.example"
	out, err := exec.CommandContext(t.Context(), w.binary, "workspaces", "create", "--database-url",
		w.setting("databaseUrl"),
		"--regions", w.setting("region"), "--name", "New", "--region", "europe-west1", "--admin", email, "--limit",
		"1KiB").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	token, err := w.key.Mint(oidc.Claims{
		Issuer:        w.setting("oidcIssuer"),
		Audience:      w.setting("oidcAudience"),
		Subject:       w.name + "-first",
		Email:         email,
		EmailVerified: true,
		ExpiresIn:     time.Hour,
		Now:           time.Now(),
	})
	testkit.Must(t, err)
	a := w.do(credential{"Authorization", "Bearer " + token},
		`{ viewer { role workspace { id name region usage { limitBytes } } } }`, nil)
	if a.text("data", "viewer", "role") != "ADMIN" ||
		a.text("data", "viewer", "workspace", "id") != strings.TrimSpace(string(out)) ||
		a.text("data", "viewer", "workspace", "usage", "limitBytes") != "1024" {
		t.Fatalf("the first sign-in got %s", a.body)
	}
}

// TestWorkspacesInviteAdmin_OfOneWhoJoined_LetsTheNewIdentityIn lets an admin in whom the identity provider knows anew.
func TestWorkspacesInviteAdmin_OfOneWhoJoined_LetsTheNewIdentityIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	email := "again-" + w.name + "@new.example"
	run := func(command string, args ...string) string {
		out, err := exec.CommandContext(t.Context(), w.binary, append([]string{"workspaces", command, "--database-url",
			w.setting("databaseUrl"), "--admin", email}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return strings.TrimSpace(string(out))
	}
	sees := func(subject string) string {
		token, err := w.key.Mint(oidc.Claims{
			Issuer:        w.setting("oidcIssuer"),
			Audience:      w.setting("oidcAudience"),
			Subject:       w.name + subject,
			Email:         email,
			EmailVerified: true,
			ExpiresIn:     time.Hour,
			Now:           time.Now(),
		})
		testkit.Must(t, err)
		a := w.do(credential{"Authorization", "Bearer " + token}, `{ viewer { role } }`, nil)
		return a.text("data", "viewer", "role")
	}
	id := run("create", "--regions", w.setting("region"), "--name", "New", "--region", "europe-west1")
	if old, other := sees("old"), sees("new"); old != "ADMIN" || other != "" {
		t.Fatalf("before: %q, %q", old, other)
	}
	run("invite-admin", "--workspace", id)
	if other, old := sees("new"), sees("old"); old != "" || other != "ADMIN" {
		t.Errorf("after: %q, %q", old, other)
	}
}

func TestWorkspacesCreate_BadSettings_AreNamedAtOnce(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), shared.binary, "workspaces", "create", "--database-url", "mysql://x",
		"--regions", shared.setting("region"),
		"--name", " ", "--region", "mars", "--admin", "nobody", "--limit", "0").CombinedOutput()
	if err == nil {
		t.Fatalf("it was taken: %s", out)
	}
	for _, want := range []string{"--database-url", "mars", "email address", "--limit", "name"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not named in:\n%s", want, out)
		}
	}
}

func TestServe_BeyondLoopbackWithoutTLS_SaysBothWaysOut(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), shared.binary, "serve", "--listen", "0.0.0.0:0").CombinedOutput()
	if err == nil {
		t.Fatalf("it was taken: %s", out)
	}
	for _, want := range []string{"--listen would let other machines", "--tls-certificate-file",
		"--tls-ends-in-front"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("%q is not named in:\n%s", want, out)
		}
	}
}
