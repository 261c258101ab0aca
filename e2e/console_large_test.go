package e2e

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"net/http"

	"github.com/provenanceone/data-api/internal/testkit"
)

// largeWorkspace makes a workspace with so many secrets, and a datastore with ten times as many files in one folder, by
// SQL: nothing of them is in Secret Manager or a bucket. It returns the path of the workspace, and that of the datastore
// below it.
func (d *dev) largeWorkspace(token string, secrets int) (workspace, datastore string) {
	d.t.Helper()
	region := d.ask(token, "", `{ regions }`)["regions"].([]any)[0].(string)
	ws := d.ask(token, "", `mutation { createWorkspace(input: {name: "large", region: "`+region+`"}) { workspace { id } } }`)
	id := ws["createWorkspace"].(map[string]any)["workspace"].(map[string]any)["id"].(string)
	store := d.ask(token, id, `mutation { createDatastore(input: {name: "files"}) { datastore { id } } }`)
	in := store["createDatastore"].(map[string]any)["datastore"].(map[string]any)["id"].(string)

	db, err := sql.Open("postgres", d.instance("databaseUrl"))
	testkit.Must(d.t, err)
	defer func() { testkit.Must(d.t, db.Close()) }()
	tx, err := db.BeginTx(d.t.Context(), nil)
	testkit.Must(d.t, err)
	exec := func(statement string, args ...any) {
		_, err := tx.ExecContext(d.t.Context(), statement, args...)
		testkit.Must(d.t, err)
	}
	exec(`SELECT set_config('app.workspace_id', $1, true)`, id)
	exec(`INSERT INTO secret (workspace_id, id, name, state, format, current_version, description, rotate_every_seconds,
			rotate_at, created_by_kind, created_by_id, created_by_label)
		SELECT $1::uuid, gen_random_uuid(), 'service/' || lpad(i::text, 6, '0') || '/api-key', 'ACTIVE', 'TEXT', 1,
			'For service ' || i, 86400 * 30, now() + make_interval(days => 1 + i % 30), 'USER', '', 'ann@example.com'
		FROM generate_series(1, $2::int) i`, id, secrets)
	exec(`INSERT INTO secret_label (workspace_id, secret_id, key, value)
		SELECT workspace_id, id, key, 'prod' FROM secret, unnest(ARRAY['env', 'team']) key`)
	exec(`INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
		SELECT $1::uuid, gen_random_uuid(), $2::uuid, 'reports/' || lpad(i::text, 7, '0') || '.csv', 1
		FROM generate_series(1, $3::int) i`, id, in, secrets*10)
	exec(`INSERT INTO blob (workspace_id, id, refs) SELECT workspace_id, id, 1 FROM object`)
	exec(`INSERT INTO object_version (workspace_id, id, object_id, version, blob_id, size_bytes, content_type, crc32c,
			metadata, created_by_kind, created_by_id, created_by_label)
		SELECT workspace_id, id, id, 1, id, 12, 'text/csv', 'AAAAAA==', '{}', 'USER', '', 'ann@example.com' FROM object`)
	testkit.Must(d.t, tx.Commit())
	return "/w/" + id, "/datastores/" + in
}

// ask sends a document to the server that runs, and returns its data.
func (d *dev) ask(token, workspace, document string) map[string]any {
	d.t.Helper()
	body, err := json.Marshal(map[string]string{"query": document})
	testkit.Must(d.t, err)
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, "http://"+d.listen()+"/graphql",
		bytes.NewReader(body))
	testkit.Must(d.t, err)
	req.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + token}}
	if workspace != "" {
		req.Header.Set("X-Workspace-Id", workspace)
	}
	res, err := http.DefaultClient.Do(req)
	testkit.Must(d.t, err)
	defer func() { testkit.Must(d.t, res.Body.Close()) }()
	var answer struct {
		Data   map[string]any
		Errors []any
	}
	testkit.Must(d.t, json.NewDecoder(res.Body).Decode(&answer))
	if len(answer.Errors) > 0 {
		d.t.Fatalf("%s: %v", document, answer.Errors)
	}
	return answer.Data
}
