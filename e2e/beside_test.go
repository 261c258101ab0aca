package e2e

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// releaseBefore is the commit of the release before this one. Change it when a release is cut.
const releaseBefore = "86a7a6ae0665"

// TestRelease_Before_ServesOneDatabaseBesideThisOne has each of two servers, of this release and of the one before, go
// on with what the other has begun, as while a new release is rolled out or rolled back. This one has migrated the
// database.
func TestRelease_Before_ServesOneDatabaseBesideThisOne(t *testing.T) {
	t.Parallel()
	s := ownStack(t)
	before := s.serveBefore(t)
	for name, servers := range map[string][2]string{
		"begun by the one before": {before, s.server.address},
		"begun by this one":       {s.server.address, before},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := newWorld(t, s)
			first.address = servers[0]
			second := *first
			second.address = servers[1]
			secretsGoOn(first, &second)
			objectsGoOn(first, &second)
			rightsGoOn(first, &second)
		})
	}
}

// serveBefore builds the release before from the repository's history, starts it, and returns its address. Without
// that history the test is skipped, and fails in continuous integration.
func (s *stack) serveBefore(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("sh", "-c", "git -C .. archive "+releaseBefore+" | tar -x -C "+dir).
		CombinedOutput(); err != nil || len(out) > 0 {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the history has no %s: %s", releaseBefore, out)
		}
		t.Skipf("skipped for want of %s in the history: `git fetch --unshallow`", releaseBefore)
	}
	build := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "dev", "-o", "data-api", ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building %s: %v\n%s", releaseBefore, err, out)
	}
	p, err := s.launch(filepath.Join(dir, "data-api"), "release-before", "listening", "serve", "--listen", "127.0.0.1:0",
		"--database-url", s.setting("databaseUrl"), "--oidc-issuer", s.setting("oidcIssuer"),
		"--oidc-audience", s.setting("oidcAudience"), "--gcp-project", s.setting("gcpProject"),
		"--region", s.setting("region"), "--signing-key-file", s.setting("signingKeyFile"),
		"--server-key-file", s.setting("serverKeyFile"), "--gcs-endpoint", s.setting("gcsEndpoint"),
		"--secretmanager-endpoint", s.setting("secretManagerEndpoint"), "--backend-bearer-file", s.setting("bearerFile"))
	testkit.Must(t, err)
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	})
	return p.address
}

// secretsGoOn has the second server change, reveal and give away what the first has made.
func secretsGoOn(first, second *world) {
	first.t.Helper()
	admin, value, rotated := first.user("acme", authz.Admin), first.canaries.add("beside"), first.canaries.add("beside")
	id, rt, key := first.createSecret("beside", value), first.runtime("acme"), first.apiKey("acme", authz.SecretsInject)
	if got := second.reveal(admin, id); got != value {
		first.t.Error("the second reveals another value than the first was given")
	}
	second.mustDo(admin, `mutation($id: ID!, $v: SecretString!) { rotateSecret(input: {secretId: $id, value: {text: $v}, ifVersion: 1}) { version { version } } }`,
		map[string]any{"id": id, "v": rotated})
	if got := first.reveal(admin, id); got != rotated {
		first.t.Error("the first reveals an old value once the second has rotated")
	}
	got, _ := rt.one(first.t, first.inject(key, injection{secret: id, runtimeKey: rt.id}))
	again, _ := rt.one(first.t, second.inject(key, injection{secret: id, runtimeKey: rt.id}))
	if got != rotated || again != rotated {
		first.t.Error("a run is given an old value")
	}
	first.mustDo(admin, `mutation($id: ID!) { rollbackSecret(input: {secretId: $id, version: 1}) { version { version } } }`, map[string]any{"id": id})
	second.mustDo(admin, `mutation($id: ID!) { deleteSecret(input: {secretId: $id, force: true}) { secret { id } } }`, map[string]any{"id": id})
	first.mustDo(admin, `mutation($id: ID!) { restoreSecret(input: {secretId: $id}) { secret { id } } }`, map[string]any{"id": id})
	if got := second.reveal(admin, id); got != value {
		first.t.Error("after rolling back, deleting and restoring it is another value")
	}
}

// objectsGoOn has the second server complete, read, replace and delete what the first has begun.
func objectsGoOn(first, second *world) {
	first.t.Helper()
	editor := first.user("acme", authz.Editor)
	in, key := first.datastore(editor, "beside"), first.apiKey("acme", authz.RunsExecute)
	l := first.landing(editor, in, "a.csv", nil)
	if status := first.putAs(l, "a,b\n1,2\n\n"); status != http.StatusOK {
		first.t.Errorf("the PUT is answered %d", status)
	}
	second.mustDo(editor, `mutation($id: ID!) { completeUpload(input: {uploadId: $id}) { upload { id } } }`, map[string]any{"id": l.id})
	first.step(key, in, "a.csv", "written by a step")
	second.step(key, in, "b.txt", "and another")
	keys := map[string]any{"id": in}
	const list = `query($id: ID!) { datastore(id: $id) { objects(first: 9) { nodes { key versions(first: 9) { nodes { version } } } } } }`
	if one, other := first.mustDo(editor, list, keys), second.mustDo(editor, list, keys); string(one.body) != string(other.body) ||
		strings.Count(string(one.body), `"version"`) != 2 {
		first.t.Errorf("one lists %s, the other %s", one.body, other.body)
	}
	l = first.landing(editor, in, "late.csv", nil)
	second.mustDo(editor, `mutation($id: ID!) { cancelUpload(input: {uploadId: $id}) { upload { id } } }`, map[string]any{"id": l.id})
	first.mustDo(editor, `mutation($id: ID!) { deleteObjects(input: {datastoreId: $id, prefix: "", dryRun: false}) { deletion { id } } }`, keys)
	second.within(time.Minute, second.super(), `SELECT NOT EXISTS (SELECT FROM object WHERE workspace_id = $1)`, first.acme)
}

// rightsGoOn has what the first grants and takes hold on the second at once, and one log of both.
func rightsGoOn(first, second *world) {
	first.t.Helper()
	admin := first.user("acme", authz.Admin)
	a := first.mustDo(admin, `mutation { createAPIKey(input: {name: "k", scopes: [SECRETS_READ]}) { token apiKey { id } } }`, nil)
	key := credential{"X-API-Key", a.text("data", "createAPIKey", "token")}
	first.canaries.note(key.value)
	second.mustDo(key, `{ secrets { nodes { id } } }`, nil)
	first.mustDo(admin, `mutation($id: ID!) { revokeAPIKey(input: {apiKeyId: $id}) { apiKey { id } } }`,
		map[string]any{"id": a.text("data", "createAPIKey", "apiKey", "id")})
	if got := second.do(key, `{ secrets { nodes { id } } }`, nil); got.code() != "UNAUTHENTICATED" {
		first.t.Errorf("a revoked key: %s", got.body)
	}
	const log = `{ auditEvents(first: 100) { nodes { id action actor { label } } } }`
	if one, other := first.mustDo(admin, log, nil), second.mustDo(admin, log, nil); string(one.body) != string(other.body) {
		first.t.Errorf("one has the log %s, the other %s", one.body, other.body)
	}
}

// mustDo is do, for what is not refused.
func (w *world) mustDo(who credential, document string, variables map[string]any) answer {
	w.t.Helper()
	a := w.do(who, document, variables)
	if a.code() != "" || a.at("data") == nil {
		w.t.Errorf("%s: %s", document, a.body)
	}
	return a
}
