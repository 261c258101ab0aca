package e2e

import (
	"database/sql"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	_ "github.com/lib/pq" // to do what no role of the product may

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
	"github.com/provenanceone/data-api/internal/testkit"
)

// super is the database as a superuser, who can set clocks back.
func (w *world) super() *sql.DB {
	w.t.Helper()
	db, err := sql.Open("postgres", strings.Replace(w.setting("databaseUrl"), "data_api_app", "data_api_super", 1))
	testkit.Must(w.t, err)
	w.t.Cleanup(func() { _ = db.Close() })
	return db
}

// eventually waits until a query says true: the servers' jobs run every ten seconds, or every minute, and more than
// two later if a server dies.
func (w *world) eventually(db *sql.DB, query string, args ...any) {
	w.t.Helper()
	w.within(5*time.Minute, db, query, args...)
}

// within is eventually, for what takes longer.
func (w *world) within(limit time.Duration, db *sql.DB, query string, args ...any) {
	w.t.Helper()
	var holds bool
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(250 * time.Millisecond) {
		testkit.Must(w.t, db.QueryRowContext(w.t.Context(), query, args...).Scan(&holds))
		if holds {
			return
		}
	}
	w.t.Fatalf("it never came about: %s", query)
}

func (w *world) keep(name string) (id string) {
	w.t.Helper()
	a := w.do(w.user("acme", authz.Editor),
		`mutation($n: String!, $v: SecretString!) { createSecret(input: {name: $n, value: {text: $v}}) { secret { id } } }`,
		map[string]any{"n": name, "v": w.canaries.add(name)})
	if id = a.text("data", "createSecret", "secret", "id"); id == "" {
		w.t.Fatalf("%s", a.body)
	}
	return id
}

// TestJobs_TwoServers_RotateSweepAndPurgeOnce does with SQL what time would do.
func TestJobs_TwoServers_RotateSweepAndPurgeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	newReplica(t, shared)
	db := w.super()
	run := func(statement string, args ...any) {
		t.Helper()
		if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	rotated, purged := w.keep("rotated"), w.keep("purged")
	run(`UPDATE secret SET rotate_every_seconds = 3600, rotate_at = now() - interval '1 s', rotate_length = 40,
		rotate_alphabet = 'ALPHANUMERIC' WHERE id = $1`, rotated)
	run(`UPDATE secret SET state = 'DELETED', deleted_at = now() - interval '31 days',
		purge_at = now() - interval '1 day' WHERE id = $1`, purged)
	run(`INSERT INTO secret (workspace_id, id, name, state, format, created_at, created_by_kind, created_by_id,
		created_by_label)
		VALUES ($1, gen_random_uuid(), 'abandoned', 'PENDING', 'TEXT', now() - interval '2 hours', 'USER', '', '')`,
		w.acme.String())

	w.eventually(db, `SELECT current_version = 2 AND rotate_at > now() FROM secret WHERE id = $1`, rotated)
	a := w.do(w.user("acme", authz.Admin), `mutation($id: ID!) { revealSecret(input: {secretId: $id}) { value } }`,
		map[string]any{"id": rotated})
	value := a.text("data", "revealSecret", "value")
	w.canaries.note(value)
	if len(value) != 40 {
		t.Errorf("the value has %d characters", len(value))
	}
	w.eventually(db, `SELECT NOT EXISTS (SELECT FROM secret WHERE id = $1 OR name = 'abandoned' AND workspace_id = $2)`,
		purged, w.acme.String())
	for action, target := range map[string]string{"secret.rotated": rotated, "secret.purged": purged} {
		a := w.do(w.user("acme", authz.Admin),
			`query($a: String!, $t: ID!) { auditEvents(first: 5, filter: {action: $a, targetId: $t}) { nodes { actor { kind label } } } }`,
			map[string]any{"a": action, "t": target})
		if nodes, _ := a.at("data", "auditEvents", "nodes").([]any); len(nodes) != 1 ||
			!strings.Contains(string(a.body), "SYSTEM") {
			t.Errorf("%s: %s", action, a.body)
		}
	}
}

func (w *world) reconcile(flags ...string) (string, error) {
	out, err := exec.CommandContext(w.t.Context(), w.binary,
		append([]string{"reconcile", "--database-url", w.setting("databaseUrl"), "--gcp-project",
			w.setting("gcpProject"),
			"--regions", w.setting("region"), "--secretmanager-endpoint", w.setting("secretManagerEndpoint"),
			"--gcs-endpoint", w.setting("gcsEndpoint"), "--backend-bearer-file", w.setting("bearerFile")},
			flags...)...).CombinedOutput()
	return string(out), err
}

// TestReconcile_Command_TellsAndStops puts so much without a row into the vault that nobody should believe it.
func TestReconcile_Command_TellsAndStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	instance, err := w.db.Instance(t.Context())
	testkit.Must(t, err)
	bearer, err := os.ReadFile(w.setting("bearerFile"))
	testkit.Must(t, err)
	vault, err := secretmanager.New(t.Context(),
		secretmanager.Options{
			Project:   w.setting("gcpProject"),
			Locations: map[string]string{"europe-west1": "europe-west1"},
			Endpoint:  w.setting("secretManagerEndpoint"),
			Bearer:    strings.TrimSpace(string(bearer)),
			Instance:  instance,
		})
	testkit.Must(t, err)
	defer func() { _ = vault.Close() }()
	one := secret.Place{Region: "europe-west1", ID: ident.New[secret.Secret]()}
	testkit.Must(t, vault.Create(t.Context(), one))
	for _, flags := range [][]string{{"--dry-run"}, nil} {
		out, err := w.reconcile(flags...)
		if err != nil || !strings.Contains(out, one.ID.String()) || !strings.Contains(out, "destroyed after") {
			t.Errorf("%v: %v\n%s", flags, err, out)
		}
	}
	many := []secret.Place{one}
	for range 60 {
		p := secret.Place{Region: "europe-west1", ID: ident.New[secret.Secret]()}
		many = append(many, p)
		testkit.Must(t, vault.Create(t.Context(), p))
	}
	out, err := w.reconcile()
	if err == nil || !strings.Contains(out, "Is this the right database?") ||
		!strings.Contains(out, `"level":"ERROR"`) || !strings.Contains(out, "left alone") {
		t.Errorf("%v\n%s", err, out)
	}
	for _, p := range many {
		if _, found, err := vault.Find(t.Context(), p); !found || err != nil {
			t.Fatal(found, err)
		}
		testkit.Must(t, vault.Delete(t.Context(), p))
	}
}
