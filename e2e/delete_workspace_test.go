package e2e

import (
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// operate runs a command of the operator's on a database as its owner.
func (w *world) operate(command string, flags ...string) (string, error) {
	words := append(strings.Fields(command), "--migrate-database-url", w.setting("migrateDatabaseUrl"))
	out, err := exec.CommandContext(w.t.Context(), w.binary, append(words, flags...)...).CombinedOutput()
	return string(out), err
}

// deleteWorkspace runs the command on acme.
func (w *world) deleteWorkspace(flags ...string) (string, error) {
	return w.operate("workspaces delete", append([]string{"--database-url", w.setting("databaseUrl"), "--gcp-project",
		w.setting("gcpProject"), "--regions", w.setting("region"), "--secretmanager-endpoint",
		w.setting("secretManagerEndpoint"), "--gcs-endpoint", w.setting("gcsEndpoint"), "--backend-bearer-file",
		w.setting("bearerFile"), "--workspace", w.acme.String()}, flags...)...)
}

// tenants counts the rows of acme by table, of all tables that the catalog has.
func (w *world) tenants(super *sql.DB) map[string]int {
	w.t.Helper()
	found, err := super.QueryContext(w.t.Context(), `SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
			AND a.attname = 'workspace_id'`)
	testkit.Must(w.t, err)
	defer func() { _ = found.Close() }()
	counts := map[string]int{}
	for found.Next() {
		var table string
		var n int
		testkit.Must(w.t, found.Scan(&table))
		testkit.Must(w.t, super.QueryRowContext(w.t.Context(), `SELECT count(*) FROM `+table+` WHERE workspace_id = $1`,
			w.acme).Scan(&n))
		counts[table] = n
	}
	testkit.Must(w.t, found.Err())
	return counts
}

// TestWorkspacesDelete_ExportsAndLeavesNothing deletes a workspace that is in use, with two servers, in two runs, and
// looks into all three stores.
func TestWorkspacesDelete_ExportsAndLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	other := *w
	other.address = newReplica(t, shared)
	admin, key, super := w.user("acme", authz.Admin), w.apiKey("acme", authz.AllScopes()...), w.super()
	w.eventually(super, `SELECT reconciled_at IS NOT NULL AND buckets_reconciled_at IS NOT NULL FROM upkeep.instance`)
	in, value := w.newDatastore(), w.keep("stripe")
	w.step(key, in, "a.txt", "the content")
	staged := w.landing(w.user("acme", authz.Editor), in, "b.csv", nil)
	var blob string
	testkit.Must(t, super.QueryRow(`SELECT id FROM blob WHERE workspace_id = $1`, w.acme).Scan(&blob))
	foreign := w.do(w.user("globex", authz.Admin), `mutation { createDatastore(input: {name: "files"}) { datastore { id } } }`,
		nil).text("data", "createDatastore", "datastore", "id")

	dir := filepath.Join(t.TempDir(), "export")
	orders := []string{"--export", dir, "--reason", "the contract has ended", "--confirm"}
	before := w.tenants(super)
	out, err := w.deleteWorkspace("--dry-run")
	if err != nil || !strings.Contains(out, "secret_version") || !strings.Contains(out, "Secret Manager     1") {
		t.Errorf("it would delete: %v\n%s", err, out)
	}
	out, err = w.deleteWorkspace(append(orders, w.globex.String())...)
	if err == nil || !strings.Contains(out, "--confirm must repeat") {
		t.Errorf("without a confirmation: %v\n%s", err, out)
	}
	if after := w.tenants(super); after["member"] != before["member"] || w.do(admin, `{ datastores { nodes { id } } }`, nil).code() != "" {
		t.Fatalf("something was deleted: %v", after)
	}

	orders = append(orders, w.acme.String())
	out, err = w.deleteWorkspace(append(orders, "--stop-after-export")...)
	if err != nil || !strings.Contains(out, "gcloud storage cp --read-paths-from-stdin") {
		t.Fatalf("the export: %v\n%s", err, out)
	}
	for _, there := range []*world{w, &other} {
		if a := there.do(key, `{ datastores { nodes { id } } }`, nil); a.code() != "UNAUTHENTICATED" {
			t.Errorf("the key is answered %s", a.body)
		}
		if a := there.do(admin, `{ datastores { nodes { id } } }`, nil); a.code() == "" {
			t.Errorf("the admin is answered %s", a.body)
		}
	}
	w.wantExport(dir, value, blob)
	if w.countBlobs(w.buckets(), "blobs/"+blob) != 1 {
		t.Error("the object is gone before it could be copied")
	}
	if status := w.putAs(staged, "day\n"); status != 200 {
		t.Errorf("a URL that is out is answered %d", status)
	}

	out, err = w.deleteWorkspace(orders...)
	if err != nil || !strings.Contains(out, "nothing of it is left") {
		t.Fatalf("deleting: %v\n%s", err, out)
	}
	for table, n := range w.tenants(super) {
		if n != 0 {
			t.Errorf("%d rows are left in %s", n, table)
		}
	}
	for _, name := range []string{"blobs/" + blob, "staging/" + staged.id, "blobs/" + staged.id} {
		if w.countBlobs(w.buckets(), name) != 0 {
			t.Errorf("%s is left in the bucket", name)
		}
	}
	if _, found, err := w.secretManager().Find(t.Context(), secret.Place{Region: "europe-west1", ID: secret.ID(value)}); err != nil || found {
		t.Errorf("the secret is left: %t, %v", found, err)
	}
	w.wantDeleted(super, orders, foreign)
}

// wantDeleted looks at what stays: the record, the other workspace, and the servers' jobs.
func (w *world) wantDeleted(super *sql.DB, orders []string, foreign string) {
	w.t.Helper()
	var reason string
	testkit.Must(w.t, super.QueryRow(`SELECT reason FROM upkeep.workspace_deletion WHERE id = $1 AND ended_at IS NOT NULL`,
		w.acme).Scan(&reason))
	out, err := w.deleteWorkspace(append(orders, "--json")...)
	if err != nil || reason != "the contract has ended" || !strings.Contains(out, `"endedAt": "2`) {
		w.t.Errorf("for %q; again: %v\n%s", reason, err, out)
	}
	a := w.do(w.user("globex", authz.Admin), `query($id: ID!) { datastore(id: $id) { name } }`, map[string]any{"id": foreign})
	if a.text("data", "datastore", "name") != "files" {
		w.t.Errorf("of the other workspace is left %s", a.body)
	}
	for line := range strings.Lines(string(w.server.said())) {
		if strings.Contains(line, "a job failed") && strings.Contains(line, w.acme.String()) {
			w.t.Errorf("the server says %s", line)
		}
	}
}

// wantExport reads the files of an export.
func (w *world) wantExport(dir, value, blob string) {
	w.t.Helper()
	for file, want := range map[string]string{
		"secret.jsonl":      value,
		"member.jsonl":      "admin@acme.example",
		"audit_event.jsonl": "secret.created",
		"objects.jsonl":     `"key": "a.txt"`,
		"blobs.txt":         object.BlobPlace("", object.BlobID(blob)).Name + "\n",
		"manifest.json":     `"name": "api_key.jsonl"`,
	} {
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil || !strings.Contains(string(text), want) {
			w.t.Errorf("%s lacks %s: %v\n%s", file, want, err, text)
		}
	}
	if list, err := os.ReadFile(filepath.Join(dir, "blobs.txt")); err != nil || strings.Count(string(list), "\n") != 1 {
		w.t.Errorf("more than the one object is to be copied: %v\n%s", err, list)
	}
	sought := w.canaries.in(forms)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	testkit.Must(w.t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		testkit.Must(w.t, err)
		if err := sought.search(file, text); err != nil {
			w.t.Error(err)
		}
	}
}
