package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestRestore_OfABackup_ServesWhatItHasAndTellsWhatItLacks is the drill of docs/operations.md, "After restoring a
// database": it dumps one database, goes on, loses it, and serves a copy that was made of the dump.
func TestRestore_OfABackup_ServesWhatItHasAndTellsWhatItLacks(t *testing.T) {
	t.Parallel()
	s := ownStack(t)
	w := newWorld(t, s)
	admin, key := w.user("acme", authz.Admin), w.apiKey("acme", authz.AllScopes()...)
	kept := w.keep("kept")
	value := w.reveal(admin, kept)
	in := w.do(admin, `mutation { createDatastore(input: {name: "files"}) { datastore { id } } }`, nil).
		text("data", "createDatastore", "datastore", "id")
	w.step(key, in, "a.txt", "before")
	w.mustReconcile()
	backup := filepath.Join(s.dir, "backup")
	w.postgres("pg_dump", "--format=custom", "--file="+backup, w.asSuper("data_api"))

	later := w.keep("later")
	a := w.do(admin, `mutation($i: RotateSecretInput!) { rotateSecret(input: $i) { version { version } } }`,
		map[string]any{"i": map[string]any{"secretId": kept, "value": map[string]any{"text": w.canaries.add("lost")}}})
	if a.number("data", "rotateSecret", "version", "version") != 2 {
		t.Fatalf("%s", a.body)
	}
	w.step(key, in, "b.txt", "after")
	w.mustReconcile()
	testkit.Must(t, s.server.stop())

	super := w.super()
	exec := func(statement string) {
		_, err := super.ExecContext(t.Context(), statement)
		testkit.Must(t, err)
	}
	exec(`CREATE DATABASE restored OWNER data_api_owner`)
	w.postgres("pg_restore", "--exit-on-error", "--dbname="+w.asSuper("restored"), backup)
	_, err := s.serve(s.binary, "too-early", "--no-jobs", "--database-url", w.restored())
	if err == nil || !strings.Contains(err.Error(), "REVOKE CREATE, TEMPORARY ON DATABASE restored FROM PUBLIC") {
		t.Errorf("with the right to temporary objects, the server says %v", err)
	}
	exec(`REVOKE TEMPORARY ON DATABASE restored FROM PUBLIC`)
	s.server, err = s.serve(s.binary, "restored", "--no-jobs", "--database-url", w.restored())
	testkit.Must(t, err)
	w.address = s.server.address

	if got := w.reveal(admin, kept); got != value {
		t.Error("the secret has another value than when the backup was made")
	}
	a = w.do(admin, `query($d: ID!) { later: secretByName(name: "later") { id }
		datastore(id: $d) { objects { nodes { key current { content { text } } } } }
		auditEvents(filter: {action: "secret.created"}) { nodes { targetLabel } } }`, map[string]any{"d": in})
	if got := string(a.body); !strings.Contains(got, `"later":null,"datastore":{"objects":{"nodes":[{"key":"a.txt",`+
		`"current":{"content":{"text":"before"}}}]}},"auditEvents":{"nodes":[{"targetLabel":"kept"}]}}`) {
		t.Errorf("there is %s", got)
	}

	out, err := w.reconcile("--database-url", w.restored())
	if err == nil || !strings.Contains(out, "restored from before") {
		t.Errorf("without --adopt: %v\n%s", err, out)
	}
	out, err = w.reconcile("--database-url", w.restored(), "--dry-run", "--adopt")
	if err != nil || !strings.Contains(out, later) || strings.Count(out, "no row knows it") != 3 {
		t.Errorf("what was made after the backup is told as: %v\n%s", err, out)
	}
	out, err = w.reconcile("--database-url", w.restored(), "--adopt")
	if err != nil {
		t.Errorf("with --adopt: %v\n%s", err, out)
	}

	a = w.do(admin, `mutation($i: RotateSecretInput!) { rotateSecret(input: $i) { version { version } } }`,
		map[string]any{"i": map[string]any{"secretId": kept, "value": map[string]any{"text": w.canaries.add("new")}}})
	if a.number("data", "rotateSecret", "version", "version") != 2 || w.reveal(admin, kept) == value {
		t.Errorf("after the restoration it is rotated to %s", a.body)
	}
}

func (w *world) reveal(who credential, id string) string {
	w.t.Helper()
	a := w.do(who, `mutation($id: ID!) { revealSecret(input: {secretId: $id}) { value } }`, map[string]any{"id": id})
	value := a.text("data", "revealSecret", "value")
	if value == "" {
		w.t.Fatalf("%s", a.body)
	}
	return value
}

// step writes a text as a step of a run does.
func (w *world) step(key credential, in, name, text string) {
	w.t.Helper()
	a := w.do(key, `mutation($i: StorageStepInput!) { runStorageStep(input: $i) { version { version } } }`,
		map[string]any{"i": map[string]any{"run": map[string]any{"runId": "r", "stepId": "s"}, "action": "PUT",
			"datastoreId": in, "key": name, "text": text, "contentType": "text/plain"}})
	if a.code() != "" {
		w.t.Fatalf("%s", a.body)
	}
}

func (w *world) mustReconcile() {
	w.t.Helper()
	if out, err := w.reconcile(); err != nil {
		w.t.Fatalf("%v\n%s", err, out)
	}
}

// asSuper is a database as the superuser.
func (w *world) asSuper(database string) string {
	return strings.NewReplacer("data_api_app", "data_api_super", "/data_api?", "/"+database+"?").
		Replace(w.setting("databaseUrl"))
}

// restored is the restored database as servers have it.
func (w *world) restored() string {
	return strings.Replace(w.setting("databaseUrl"), "/data_api?", "/restored?", 1)
}

// postgres runs a program of Postgres. Without it the test is skipped, and fails in continuous integration.
func (w *world) postgres(program string, args ...string) {
	w.t.Helper()
	program = postgresProgram(program)
	if _, err := exec.LookPath(program); err != nil && os.Getenv("CI") != "true" {
		w.t.Skipf("there is no %s here: nothing is restored", program)
	}
	if out, err := exec.CommandContext(w.t.Context(), program, args...).CombinedOutput(); err != nil {
		w.t.Fatalf("%s: %v\n%s", program, err, out)
	}
}
