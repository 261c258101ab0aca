package e2e

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/testkit"
)

// stranger is a person whom nobody else is like, from an address and with a program of their own.
type stranger struct {
	*world
	email, subject, ip, program string
	credential
}

func (w *world) stranger() *stranger {
	w.t.Helper()
	s := &stranger{world: w, email: "carl-" + w.name + "@erased.example", subject: "subject-" + w.name,
		ip: "2001:db8::" + w.name[:4], program: "carls-browser-" + w.name}
	token, err := w.key.Mint(oidc.Claims{Issuer: w.setting("oidcIssuer"), Audience: w.setting("oidcAudience"),
		Subject: s.subject, Email: s.email, EmailVerified: true, ExpiresIn: time.Hour, Now: time.Now()})
	testkit.Must(w.t, err)
	s.credential = credential{"Authorization", "Bearer " + token}
	return s
}

// does sends an operation to acme from the stranger's address.
func (s *stranger) does(query string, variables map[string]any) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, "http://"+s.address+"/graphql",
		bytes.NewReader(operation(query, variables)))
	testkit.Must(s.t, err)
	for name, value := range map[string]string{"Content-Type": "application/json", s.header: s.value,
		"X-Forwarded-For": s.ip, "User-Agent": s.program, "X-Workspace-Id": s.acme.String()} {
		r.Header.Set(name, value)
	}
	response, err := client.Do(r)
	testkit.Must(s.t, err)
	defer func() { _ = response.Body.Close() }()
	var body bytes.Buffer
	_, err = body.ReadFrom(response.Body)
	if testkit.Must(s.t, err); strings.Contains(body.String(), `"errors"`) {
		s.t.Fatalf("%s", body.String())
	}
}

// inDump names what of the person a dump of the database has.
func (s *stranger) inDump() (found []string) {
	s.t.Helper()
	dump, err := s.dump()
	testkit.Must(s.t, err)
	for _, trace := range []string{s.email, s.subject, s.ip, s.program} {
		if bytes.Contains(dump, []byte(trace)) {
			found = append(found, trace)
		}
	}
	return found
}

// TestPeopleErase_APersonWhoDidMuch_IsInNoDump erases somebody who was in two workspaces, and looks for them in a dump
// of the whole database.
func TestPeopleErase_APersonWhoDidMuch_IsInNoDump(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	w.address = shared.serveWith(t, "erasing", "--trusted-proxies", "127.0.0.1/32", "--no-jobs").address
	carl, super := w.stranger(), w.super()
	invite := `mutation($e: String!, $r: Role!) { setMemberRole(input: {email: $e, role: $r}) { member { id } } }`
	for _, workspace := range []string{"acme", "globex"} {
		w.do(w.user(workspace, authz.Admin), invite, map[string]any{"e": carl.email, "r": "ADMIN"})
	}
	carl.does(`mutation { createDatastore(input: {name: "carls"}) { datastore { id } } }`, nil)
	carl.does(`mutation($v: SecretString!) { createSecret(input: {name: "carls", value: {text: $v}}) { secret { id } } }`,
		map[string]any{"v": w.canaries.add("carl")})
	carl.does(`mutation { createAPIKey(input: {name: "carls", scopes: [AUDIT_READ]}) { apiKey { id } } }`, nil)
	kept := w.keep("reasoned")
	carl.does(`mutation($id: ID!, $r: String!) { revealSecret(input: {secretId: $id, reason: $r}) { auditEventId } }`,
		map[string]any{"id": kept, "r": "asked for by " + strings.ToUpper(carl.email)})
	w.do(w.user("acme", authz.Admin), invite, map[string]any{"e": carl.email, "r": "EDITOR"})
	if found := carl.inDump(); len(found) != 4 {
		t.Fatalf("before, a dump has %v: this shows nothing", found)
	}

	others := func() (sum string) {
		testkit.Must(t, super.QueryRow(`SELECT md5(string_agg(e::text, ',' ORDER BY id)) FROM audit_event e
			WHERE workspace_id IN ($1, $2) AND actor_label LIKE '%.example' AND actor_label NOT LIKE 'carl%'
				AND target_label NOT LIKE 'carl%'
				AND target_label <> 'erased person'`, w.acme, w.globex).Scan(&sum))
		return sum
	}
	before := others()
	if out, err := w.operate("people erase", "--email", carl.email); err == nil || !strings.Contains(out, "--confirm") {
		t.Errorf("without a confirmation: %v\n%s", err, out)
	}
	out, err := w.operate("people erase", "--email", carl.email, "--confirm", carl.email, "--workspace",
		authz.NewWorkspaceID().String())
	if err == nil || !strings.Contains(out, "no such workspace") || strings.Contains(out, "no trace") {
		t.Errorf("in a workspace that is not there: %v\n%s", err, out)
	}
	out, err = w.operate("people erase", "--email", carl.email, "--confirm", carl.email)
	if err != nil || strings.Count(out, "workspace ") != 2 || strings.Contains(out, carl.email) {
		t.Errorf("erasing: %v\n%s", err, out)
	}
	if found := carl.inDump(); len(found) != 0 {
		t.Errorf("afterwards, a dump has %v", found)
	}
	if after := others(); after != before {
		t.Error("what others did is on record otherwise than before")
	}
	if out, err = w.operate("people erase", "--email", carl.email, "--confirm", carl.email); err != nil ||
		!strings.Contains(out, "There is no trace of this person.") {
		t.Errorf("a second time: %v\n%s", err, out)
	}
	a := w.do(w.user("acme", authz.Admin), `{ datastores { nodes { name createdBy { label } } }
		auditEvents(filter: {action: "member.removed"}) { nodes { actor { label } targetLabel } } }`, nil)
	if got := string(a.body); strings.Count(got, "erased person") != 2 || !strings.Contains(got, "operator") {
		t.Errorf("there is %s", got)
	}
}
