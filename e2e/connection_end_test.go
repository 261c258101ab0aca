package e2e

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/testkit"
)

// events are an answer that is still coming.
type events struct {
	status int
	header http.Header
	body   io.Reader
}

// text waits for the end.
func (e events) text(t testing.TB) string {
	t.Helper()
	text, err := io.ReadAll(e.body)
	testkit.Must(t, err)
	return string(text)
}

// stream sends an operation whose answers are to come as events.
func (w *world) stream(
	ctx context.Context, address string, who credential, query string, variables map[string]any,
) events {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	testkit.Must(w.t, err)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/graphql", bytes.NewReader(body))
	testkit.Must(w.t, err)
	r.Header = http.Header{
		"Content-Type": {"application/json"},
		"Accept":       {"text/event-stream"},
		who.header:     {who.value},
	}
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	w.t.Cleanup(func() { _ = response.Body.Close() })
	return events{response.StatusCode, response.Header, response.Body}
}

func TestSSE_QueryAndMutation_AreEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	for i, who := range []credential{w.user("acme", authz.Editor), w.apiKey("acme", authz.DatastoresWrite)} {
		name := fmt.Sprintf("by-event-%d", i)
		r := w.stream(t.Context(), w.address, who,
			`mutation($n: String!) { createDatastore(input: {name: $n}) { datastore { name } } }`,
			map[string]any{"n": name})
		want := ":\n\nevent: next\ndata: {\"data\":{\"createDatastore\":{\"datastore\":{\"name\":\"" + name +
			"\"}}}}\n\nevent: complete\ndata:\n\n"
		if got := toldCost.ReplaceAllString(r.text(t), ""); got != want || r.header.Get("Content-Type") != "text/event-stream; charset=utf-8" ||
			r.header.Get("Cache-Control") != "no-store" {
			t.Errorf("got %q %v", got, r.header)
		}
	}
	if got := w.stream(t.Context(), w.address, w.user("acme", authz.Viewer), `{ nothing }`, nil).
		text(t); !strings.Contains(got, "GRAPHQL_VALIDATION_FAILED") {
		t.Errorf("got %s", got)
	}
	r := w.stream(t.Context(), w.address, credential{"Authorization", "Bearer nothing"}, `{ viewer { role } }`, nil)
	if got := r.text(t); r.status != http.StatusUnauthorized ||
		!strings.HasPrefix(r.header.Get("Content-Type"), "application/json") {
		t.Errorf("got %d %s", r.status, got)
	}
}

// hold keeps a datastore's row locked, so that who changes it waits, for two seconds at most. It is how operations
// take their time here.
func (w *world) hold(datastore string) (release func()) {
	w.t.Helper()
	db, err := sql.Open("postgres", w.setting("databaseUrl"))
	testkit.Must(w.t, err)
	tx, err := db.BeginTx(w.t.Context(), nil)
	testkit.Must(w.t, err)
	if _, err := tx.Exec(`SELECT set_config('app.workspace_id', $1, true)`, string(w.acme)); err != nil {
		w.t.Fatal(err)
	}
	var id string
	testkit.Must(w.t, tx.QueryRow(`SELECT id FROM datastore WHERE id = $1 FOR UPDATE`, datastore).Scan(&id))
	return func() {
		_ = tx.Rollback()
		_ = db.Close()
	}
}

const change = `mutation($d: ID!) { updateDatastore(input: {datastoreId: $d, description: "x"}) { datastore { id } } }`

func (w *world) keepDatastore() map[string]any {
	w.t.Helper()
	a := w.do(w.user("acme", authz.Admin),
		`mutation { createDatastore(input: {name: "held"}) { datastore { id } } }`, nil)
	return map[string]any{"d": a.text("data", "createDatastore", "datastore", "id")}
}

// TestConnections_RevokedThroughAnotherServer_EndWithinASecond revokes a key on one server while the other runs
// operations of it.
func TestConnections_RevokedThroughAnotherServer_EndWithinASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	other := shared.serveWith(t, "revoking").address
	admin, datastore := w.user("acme", authz.Admin), w.keepDatastore()
	defer w.hold(datastore["d"].(string))()
	for _, address := range []string{w.address, other} {
		a := w.do(admin, `mutation { createAPIKey(input: {name: "k", scopes: [DATASTORES_WRITE]}) { token apiKey { id } } }`, nil)
		w.canaries.note(a.text("data", "createAPIKey", "token"))
		key := credential{"X-API-Key", a.text("data", "createAPIKey", "token")}
		busy, idle := w.open(address, key), w.open(address, key)
		busy.ask("1", change, datastore)
		stream := w.stream(t.Context(), address, key, change, datastore)
		revoking := time.Now()
		w.do(admin, `mutation($id: ID!) { revokeAPIKey(input: {apiKeyId: $id}) { apiKey { id } } }`,
			map[string]any{"id": a.text("data", "createAPIKey", "apiKey", "id")})
		revoked := time.Now()
		code, reason := busy.closed()
		socketTook := time.Since(revoked)
		got := stream.text(t)
		streamTook := time.Since(revoked)
		if code != 4401 || !strings.Contains(reason, "revoked") || socketTook > promised(time.Second) {
			t.Errorf("the socket got %d %q after %v", code, reason, socketTook)
		}
		if !strings.Contains(got, "UNAUTHENTICATED") || streamTook > promised(time.Second) {
			t.Errorf("the stream got %s after %v", got, streamTook)
		}
		t.Logf("revoking took %v; then the socket ended after %v, the stream after %v", revoked.Sub(revoking),
			socketTook, streamTook)
		idle.ask("1", `{ viewer { scopes } }`, nil)
		if code, _ := idle.closed(); code != 4401 {
			t.Errorf("the idle socket got %d", code)
		}
	}
	a := w.do(admin, `query($d: ID!) { datastore(id: $d) { description } }`, datastore)
	if a.at("data", "datastore", "description") != nil {
		t.Errorf("a revoked key has changed something: %s", a.body)
	}
}

func TestConnections_RevokedWhileIdle_EndWithinSeconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	admin := w.user("acme", authz.Admin)
	a := w.do(admin, `mutation { createAPIKey(input: {name: "k", scopes: [DATASTORES_READ]}) { token apiKey { id } } }`, nil)
	s := w.open(w.address, credential{"X-API-Key", a.text("data", "createAPIKey", "token")})
	w.do(admin, `mutation($id: ID!) { revokeAPIKey(input: {apiKeyId: $id}) { apiKey { id } } }`,
		map[string]any{"id": a.text("data", "createAPIKey", "apiKey", "id")})
	start := time.Now()
	if code, _ := s.closed(); code != 4401 || time.Since(start) > promised(8*time.Second) {
		t.Errorf("got %d after %v", code, time.Since(start))
	}
}

func TestConnections_RoleLoweredOrMemberRemoved_End(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	admin, datastore := w.user("acme", authz.Admin), w.keepDatastore()
	defer w.hold(datastore["d"].(string))()
	member := w.do(admin, `{ members { nodes { id email } } }`, nil)
	var viewer string
	nodes, _ := member.at("data", "members", "nodes").([]any)
	for _, n := range nodes {
		if m := (answer{tree: n.(map[string]any)}); m.text("email") == "viewer@acme.example" {
			viewer = m.text("id")
		}
	}
	lowered, removed := w.open(w.address, w.user("acme", authz.Editor)), w.open(w.address, w.user("acme", authz.Viewer))
	lowered.ask("1", change, datastore)
	w.do(admin, `mutation { setMemberRole(input: {email: "editor@acme.example", role: VIEWER}) { member { id } } }`, nil)
	start := time.Now()
	if code, reason := lowered.closed(); code != 4403 || time.Since(start) > promised(time.Second) {
		t.Errorf("lowered: got %d %q after %v", code, reason, time.Since(start))
	}
	if a := w.do(admin, `mutation($id: ID!) { removeMember(input: {memberId: $id}) { memberId } }`,
		map[string]any{"id": viewer}); a.code() != "" {
		t.Fatalf("got %s", a.body)
	}
	removed.ask("1", `{ datastores { totalCount } }`, nil)
	if code, reason := removed.closed(); code != 4403 {
		t.Errorf("removed: got %d %q", code, reason)
	}
}

func TestConnections_ExpiredToken_Ends(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	expires := time.Now().Add(2 * time.Second)
	token, err := w.key.Mint(oidc.Claims{
		Issuer:    w.setting("oidcIssuer"),
		Audience:  w.setting("oidcAudience"),
		Subject:   w.subject("acme", authz.Viewer),
		ExpiresIn: 2 * time.Second,
	})
	testkit.Must(t, err)
	s := w.open(w.address, credential{"Authorization", "Bearer " + token})
	code, reason := s.closed()
	if late := time.Since(expires); code != 4401 || !strings.Contains(reason, "expired") || late < -time.Second ||
		late > promised(time.Second) {
		t.Errorf("got %d %q, %v after it expired", code, reason, late)
	}
}

// TestConnections_SIGTERM_FinishesAMutationAndTellsSocketsToGo stops a server while a mutation over a socket waits for
// a lock.
func TestConnections_SIGTERM_FinishesAMutationAndTellsSocketsToGo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	p, err := shared.serve(shared.binary, "stopping-sockets")
	testkit.Must(t, err)
	datastore := w.keepDatastore()
	release := w.hold(datastore["d"].(string))
	editor := w.user("acme", authz.Editor)
	idle, busy := w.open(p.address, editor), w.open(p.address, editor)
	busy.ask("1", change, datastore)
	stream := w.stream(t.Context(), p.address, editor, change, datastore)
	time.Sleep(200 * time.Millisecond)
	stopped := make(chan error, 1)
	start := time.Now()
	go func() { stopped <- p.stop() }()
	if code, _ := idle.closed(); code != 1001 {
		t.Errorf("the idle socket got %d", code)
	}
	release()
	if m := busy.receive(); m.text("type") != "next" || m.at("payload", "data", "updateDatastore") == nil {
		t.Errorf("got %s", m.body)
	}
	if code, _ := busy.closed(); code != 1001 {
		t.Errorf("the busy socket got %d", code)
	}
	if got := stream.text(t); !strings.Contains(got, `"updateDatastore":{`) ||
		!strings.HasSuffix(got, "event: complete\ndata:\n\n") {
		t.Errorf("the stream got %s", got)
	}
	if err := <-stopped; err != nil || time.Since(start) > 10*time.Second {
		t.Errorf("the server ended with %v after %v", err, time.Since(start))
	}
}
