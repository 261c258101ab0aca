package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/workspace"
)

// world is a pair of workspaces that one test has for itself, with a user of each role.
type world struct {
	*stack
	t            testing.TB
	address      string
	acme, globex workspace.ID
	// name makes what the test makes unlike what others make.
	name string
}

func newWorld(t testing.TB, s *stack) *world {
	t.Helper()
	w := &world{stack: s, t: t, address: s.server.address, acme: authz.NewWorkspaceID(), globex: authz.NewWorkspaceID()}
	w.name = string(w.acme[len(w.acme)-12:])
	w.found(w.acme, "acme")
	w.found(w.globex, "globex")
	return w
}

func (w *world) found(id workspace.ID, name string) {
	var members []member.Member
	for _, role := range authz.Roles() {
		members = append(members,
			member.Member{
				ID:      ident.New[member.Member](),
				Issuer:  w.setting("oidcIssuer"),
				Role:    role,
				Subject: w.subject(name, role),
				Email:   strings.ToLower(string(role)) + "@" + name + ".example",
			})
	}
	err := workspace.Found(w.t.Context(), w.db.Workspaces(), workspace.Workspace{
		ID:     id,
		Name:   name,
		Region: "europe-west1",
	}, members)
	testkit.Must(w.t, err)
}

func (w *world) subject(workspaceName string, role authz.Role) string {
	return w.name + "-" + workspaceName + "-" + string(role)
}

// token mints a JWT of a user, for example token("acme", authz.Admin).
func (w *world) token(workspaceName string, role authz.Role) string {
	token, err := w.key.Mint(oidc.Claims{
		Issuer:    w.setting("oidcIssuer"),
		Audience:  w.setting("oidcAudience"),
		Subject:   w.subject(workspaceName, role),
		ExpiresIn: time.Hour,
		Now:       time.Now(),
	})
	testkit.Must(w.t, err)
	return token
}

// credential is a header that says who calls.
type credential struct{ header, value string }

func (w *world) user(workspaceName string, role authz.Role) credential {
	return credential{"Authorization", "Bearer " + w.token(workspaceName, role)}
}

// apiKey makes an API key of a workspace by the API itself.
func (w *world) apiKey(workspaceName string, scopes ...authz.Scope) credential {
	a := w.do(w.user(workspaceName, authz.Admin),
		`mutation($s: [Scope!]!) { createAPIKey(input: {name: "key", scopes: $s}) { token } }`,
		map[string]any{"s": scopes})
	token, _ := a.at("data", "createAPIKey", "token").(string)
	if token == "" {
		w.t.Fatalf("no key was made: %s", a.body)
	}
	w.canaries.note(token)
	return credential{"X-API-Key", token}
}

// answer is what the API said.
type answer struct {
	status int
	header http.Header
	body   []byte
	tree   map[string]any
}

// at walks down the answer's JSON; nil where there is nothing.
func (a answer) at(path ...string) any {
	var here any = a.tree
	for _, name := range path {
		object, ok := here.(map[string]any)
		if !ok {
			return nil
		}
		here = object[name]
	}
	return here
}

// text is at, as text.
func (a answer) text(path ...string) string {
	text, _ := a.at(path...).(string)
	return text
}

// number is the whole number at a place of the answer; 0 where there is none.
func (a answer) number(path ...string) int {
	n, _ := strconv.Atoi(fmt.Sprint(a.at(path...)))
	return n
}

// code is the code of the first error; empty where there is none.
func (a answer) code() string {
	errs, _ := a.tree["errors"].([]any)
	if len(errs) == 0 {
		return ""
	}
	first, _ := errs[0].(map[string]any)
	return answer{tree: first}.text("extensions", "code")
}

// do sends an operation.
func (w *world) do(who credential, query string, variables map[string]any) answer {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	testkit.Must(w.t, err)
	a, err := w.send(who, body)
	testkit.Must(w.t, err)
	return a
}

// toldCost is what an answer says of its cost, and of what is left: it differs from one time to the next, so that the
// body of an answer is without it, and its tree has it.
var toldCost = regexp.MustCompile(`,"extensions":\{"cost":\{[^{}]*(\{[^{}]*\})?\}\}`)

func (w *world) send(who credential, body []byte) (answer, error) {
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, "http://"+w.address+"/graphql",
		bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "e2e")
	if who.header != "" {
		r.Header.Set(who.header, who.value)
	}
	response, err := client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{}, err
	}
	a := answer{status: response.StatusCode, header: response.Header, body: toldCost.ReplaceAll(text, nil)}
	if err := json.Unmarshal(text, &a.tree); err != nil {
		return a, fmt.Errorf("the answer is no JSON: %w\n%s", err, text)
	}
	return a, nil
}

// operation is the body of a request.
func operation(query string, variables map[string]any) []byte {
	body, _ := json.Marshal(map[string]any{"query": query, "variables": variables}) // strings always marshal
	return body
}
