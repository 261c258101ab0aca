package e2e

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestWalls_QuestionsWithTooLongAnswers_AreRefusedUnrun asks in a few bytes for what would take the server's memory, or
// one of its connections for long.
func TestWalls_QuestionsWithTooLongAnswers_AreRefusedUnrun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	viewer, in := w.user("acme", authz.Viewer), w.crowded(10_001)
	objects := `{ datastore(id: "` + in + `") { objects(prefix: "big/", first: 38) { nodes { %s } } } }`
	for name, document := range map[string]string{
		"contents": fmt.Sprintf(objects, "current { content(maxBytes: 262144) { text base64 } }"),
		"metadata": fmt.Sprintf(objects, "versions(first: 6) { nodes { "+aliases(30, "metadata")+" } }"),
		"fields":   "{ " + aliases(19, "secrets(first: 100) { nodes { fields } }") + " }",
		"folders":  `{ datastore(id: "` + in + `") { folders(delimiter: "xN", first: 100) { nodes { prefix } } } }`,
	} {
		if a := w.do(viewer, document, nil); a.code() != "QUERY_TOO_COSTLY" || len(a.body) > 1000 {
			t.Errorf("%s: %d bytes are answered: %.300s", name, len(a.body), a.body)
		}
	}
}

// aliases repeats a field under names of its own.
func aliases(n int, field string) (all string) {
	for i := range n {
		all += fmt.Sprintf("a%d: %s ", i, field)
	}
	return all
}

const redactMutation = `mutation($l: ID!, $t: SecretString!, $o: Base64!) {
	redactOutput(input: {leaseId: $l, token: $t, output: $o}) { output } }`

// TestWalls_RedactionsOfOneWorkspace_DelayNoOther has a key of acme's redact many times with long secrets, and then
// globex once.
func TestWalls_RedactionsOfOneWorkspace_DelayNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	value := w.canaries.add("globex")
	a := w.do(w.user("globex", authz.Admin), `mutation($v: SecretString!) {
		createSecret(input: {name: "s", value: {text: $v}}) { secret { id } } }`, map[string]any{"v": value})
	id := a.text("data", "createSecret", "secret", "id")
	rt, own := w.runtime("globex"), w.apiKey("globex", authz.SecretsInject)
	w.referAs(w.globex, "wf", id)
	given := w.do(own, injectMutation, injection{secret: id, runtimeKey: rt.id}.variables())
	_, token := rt.one(t, given)

	const attempts = 16
	key, lease := w.longLease(3)
	var hostile sync.WaitGroup
	var ended atomic.Int64
	for range attempts {
		hostile.Go(func() { w.demand(key, operation(redactMutation, lease)); ended.Add(1) })
	}
	w.do(w.user("globex", authz.Viewer), `{ datastores { totalCount } }`, nil) // acme's come meanwhile
	a = w.do(own, redactMutation, map[string]any{
		"l": given.text("data", "injectSecrets", "leaseId"),
		"t": token,
		"o": []byte(value),
	})
	before := ended.Load()
	hostile.Wait()

	if a.text("data", "redactOutput", "output") != base64.StdEncoding.EncodeToString([]byte("[secret:s@v1]")) {
		t.Errorf("globex is answered %s", a.body)
	}
	if before > attempts/2 {
		t.Errorf("globex is answered after %d of acme's %d", before, attempts)
	}
}

// longLease injects so many of the longest values at once, and returns what redacts them.
func (w *world) longLease(n int) (key credential, variables map[string]any) {
	w.t.Helper()
	rt, key := w.runtime("acme"), w.apiKey("acme", authz.SecretsInject)
	ids, all := make([]string, n), make([]map[string]any, n)
	for i := range ids {
		line := w.canaries.add("long") + "\n"
		ids[i] = w.createSecret(fmt.Sprintf("long-%d", i), strings.Repeat(line, 64<<10/len(line)))
		all[i] = map[string]any{"secretId": ids[i]}
	}
	w.refer("wf", ids...)
	a := w.do(key, `mutation($k: ID!, $all: [InjectSecretInput!]!) {
		injectSecrets(input: {run: {runId: "r", stepId: "s"}, consumer: {kind: WORKFLOW, externalId: "wf"},
			runtimeKeyId: $k, secrets: $all}) { leaseId sealedToken secrets { secretId version sealed } } }`,
		map[string]any{"k": rt.id, "all": all})
	_, token, err := rt.open(a)
	if err != nil {
		w.t.Fatalf("%v: %.300s", err, a.body)
	}
	return key, map[string]any{"l": a.text("data", "injectSecrets", "leaseId"), "t": token, "o": []byte("nothing")}
}

// TestWalls_OneWorkspaceWaits_OthersHaveConnections has more requests of acme's wait for a row than a server has
// connections. A caller may hold six of them, a workspace eight.
func TestWalls_OneWorkspaceWaits_OthersHaveConnections(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	admin, in, super := w.user("acme", authz.Admin), w.many(1), w.super()
	url := w.setting("databaseUrl") + "&application_name=" + w.name
	server, err := shared.serve(shared.binary, t.Name(), "--database-url", url)
	testkit.Must(t, err)
	defer func() {
		if err := server.stop(); err != nil {
			t.Error(err)
		}
	}()
	w.address = server.address
	var all sync.WaitGroup
	defer all.Wait()
	row, err := super.BeginTx(t.Context(), nil)
	if err == nil {
		_, err = row.ExecContext(t.Context(), `SELECT 1 FROM datastore WHERE id = $1 FOR UPDATE`, in)
	}
	testkit.Must(t, err)
	defer func() { _ = row.Rollback() }()
	wait := operation(`mutation($d: ID!) {
		updateDatastore(input: {datastoreId: $d, description: "d"}) { datastore { id } } }`, map[string]any{"d": in})
	for range 40 {
		all.Go(func() { w.demand(admin, wait) })
	}

	const waiting = ` FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'`
	w.eventually(super, `SELECT count(*) >= 6`+waiting, w.name)
	a := w.do(w.user("globex", authz.Viewer), `{ datastores { totalCount } }`, nil)
	var held int
	err = super.QueryRowContext(t.Context(), `SELECT count(*)`+waiting, w.name).Scan(&held)
	if err != nil || held > 8 || a.code() != "" || a.status != http.StatusOK {
		t.Errorf("%v: acme holds %d connections, and globex is answered %s", err, held, a.body)
	}
}

// TestWalls_DryRunOverManyKeys_CountsABoundedPart asks for more than a request counts, for less, and for the whole, of
// which the count is kept.
func TestWalls_DryRunOverManyKeys_CountsABoundedPart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	const most, n = 20_000, 20_010
	admin, in := w.user("acme", authz.Admin), w.many(n)
	for _, test := range []struct {
		prefix      string
		least, most int
		atLeast     bool
	}{{"a/", 1, most + 1, true}, {"a/2000", 11, 11, false}, {"", n, n, false}} {
		a := w.do(admin, `mutation($d: ID!, $p: String!) {
			deleteObjects(input: {datastoreId: $d, prefix: $p, dryRun: true}) { objectCount atLeast } }`,
			map[string]any{"d": in, "p": test.prefix})
		count, atLeast := a.number("data", "deleteObjects", "objectCount"), a.at("data", "deleteObjects", "atLeast")
		if count < test.least || count > test.most || atLeast != test.atLeast {
			t.Errorf("%q: %s, want %d to %d, %t", test.prefix, a.body, test.least, test.most, test.atLeast)
		}
	}
}

// many makes a datastore of acme's with objects of a byte, at the keys a/1 and on.
func (w *world) many(n int) (in string) {
	w.t.Helper()
	super, store, admin := w.super(), w.buckets(), w.user("acme", authz.Admin)
	a := w.do(admin, `mutation { createDatastore(input: {name: "many"}) { datastore { id } } }`, nil)
	in = a.text("data", "createDatastore", "datastore", "id")
	place := object.BlobPlace(store.Buckets()[0].Region, object.BlobID(in)) // the only blob, named like the datastore
	if _, err := store.Write(w.t.Context(), place, []byte("1"), "text/plain"); err != nil {
		w.t.Fatal(err)
	}
	for _, statement := range []string{
		`INSERT INTO blob (workspace_id, id, refs) VALUES ($1::uuid, $2::uuid, $3::int)`,
		`INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
			SELECT $1::uuid, md5($2::text || i)::uuid, $2::uuid, 'a/' || i, 1 FROM generate_series(1, $3::int) i`,
		`INSERT INTO object_version (workspace_id, id, object_id, version, blob_id, size_bytes, content_type, crc32c,
				metadata, created_by_kind, created_by_id, created_by_label)
			SELECT $1::uuid, md5($2::text || i)::uuid, md5($2::text || i)::uuid, 1, $2::uuid, 1, 'text/plain', '',
				'{}', 'USER', '', '' FROM generate_series(1, $3::int) i`,
		`UPDATE datastore SET object_count = $3::int, used_bytes = $3::int
			WHERE workspace_id = $1::uuid AND id = $2::uuid`,
	} {
		w.insert(super, statement, w.acme.String(), in, n)
	}
	return in
}

// TestWalls_LoweredMember_KeysBeyondTheRoleEndAndOthersStay has an admin who made a key for what only admins may do,
// one for what viewers may, and a runtime key.
func TestWalls_LoweredMember_KeysBeyondTheRoleEndAndOthersStay(t *testing.T) {
	t.Parallel()
	for keep, want := range map[bool]struct{ lists, key, runtimeKey string }{
		false: {`[{"name":"beyond"}],"removedRuntimeKeys":[{"name":"runtime"}]`, "UNAUTHENTICATED", "NOT_FOUND"},
		true:  {`[],"removedRuntimeKeys":[]`, "", ""},
	} {
		w := newWorld(t, shared)
		admin, email := w.user("acme", authz.Admin), "ben-"+w.name+"@acme.example"
		beyond, within, runtimeKey := w.keysOf(email)
		set := w.do(admin, `mutation($e: String!, $k: Boolean) {
			setMemberRole(input: {email: $e, role: VIEWER, keepKeys: $k}) {
				revokedAPIKeys { name } removedRuntimeKeys { name } } }`, map[string]any{"e": email, "k": keep})
		if !strings.Contains(string(set.body), want.lists) {
			t.Errorf("keepKeys %t: the answer lists %s", keep, set.body)
		}
		if a := w.do(within, `{ datastores { totalCount } }`, nil); a.status != http.StatusOK || a.code() != "" {
			t.Errorf("keepKeys %t: the key within the role: %s", keep, a.body)
		}
		if a := w.do(beyond, `{ secrets { nodes { id } } }`, nil); a.code() != want.key {
			t.Errorf("keepKeys %t: the key beyond the role: %s", keep, a.body)
		}
		given := injection{secret: w.createSecret("s", w.canaries.add("lowered")), runtimeKey: runtimeKey}
		if a := w.inject(w.apiKey("acme", authz.SecretsInject), given); a.code() != want.runtimeKey {
			t.Errorf("keepKeys %t: the runtime key: %s", keep, a.body)
		}
		a := w.do(admin, `{ auditEvents(first: 1, filter: {action: "member.role_set"}) { nodes { details } } }`, nil)
		if !strings.Contains(string(a.body), `"previousRole":"ADMIN"`) {
			t.Errorf("keepKeys %t: on record is %s", keep, a.body)
		}
	}
}

// keysOf invites an admin, who makes keys.
func (w *world) keysOf(email string) (beyond, within credential, runtimeKey string) {
	w.t.Helper()
	w.do(w.user("acme", authz.Admin), `mutation($e: String!) {
		setMemberRole(input: {email: $e, role: ADMIN}) { member { id } } }`, map[string]any{"e": email})
	token, err := w.key.Mint(oidc.Claims{
		Issuer:        w.setting("oidcIssuer"),
		Audience:      w.setting("oidcAudience"),
		Subject:       w.name + "-ben",
		Email:         email,
		EmailVerified: true,
		ExpiresIn:     time.Hour,
		Now:           time.Now(),
	})
	testkit.Must(w.t, err)
	_, public := newRuntime()
	a := w.do(credential{"Authorization", "Bearer " + token}, `mutation($k: Base64!) {
		beyond: createAPIKey(input: {name: "beyond", scopes: [SECRETS_READ]}) { token }
		within: createAPIKey(input: {name: "within", scopes: [DATASTORES_READ]}) { token }
		addRuntimeKey(input: {name: "runtime", publicKey: $k}) { runtimeKey { id } } }`, map[string]any{"k": public})
	beyond = credential{"X-API-Key", a.text("data", "beyond", "token")}
	within = credential{"X-API-Key", a.text("data", "within", "token")}
	w.canaries.note(beyond.value)
	w.canaries.note(within.value)
	return beyond, within, a.text("data", "addRuntimeKey", "runtimeKey", "id")
}
