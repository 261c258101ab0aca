package e2e

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
)

var update = flag.Bool("update", false, "rewrite the answers that the scenarios expect")

// TestScenarios runs the *.txtar files. Their commands, beside testscript's own:
//
//	as WHO            who calls from here on: admin, editor, viewer, globex-admin …, nobody, key:SCOPE,…, token:API-KEY,
//	                  person:EMAIL (whose address the issuer has verified), stranger:EMAIL (whose it has not)
//	gql FILE          send the operation in FILE (@NAME@ stands for what get kept; a second FILE has variables);
//	                  prints the answer, ids and times masked
//	until FILE TEXT   send the operation again and again until its answer has the text: something happens in the background
//	get NAME PATH     keep a text of the last answer, for example get ID data.createSecret.secret.id
//	put URL FILE H…   PUT a file with the headers "Name: value"; prints the status and storage's error code; waits until what landed is settled
//	fetch URL FILE    GET a URL into a file; prints the status
//	runtime           make the key pair of a runtime; @PUBLIC@ is its public half
//	refer NAME ID…    let the workflow NAME use these secrets and no others
//	unseal            open the last answer, of injectSecrets, as the runtime; prints the values, and @TOKEN@ is the token
//	audit             prints acme's log since the scenario began, oldest first
func TestScenarios(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 ".",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			tb, ok := env.T().(testing.TB)
			if !ok {
				return fmt.Errorf("%T is no test", env.T())
			}
			w := newWorld(tb, shared)
			s := &scenario{world: w, rows: w.super(), kept: map[string]string{}}
			s.keep("CANARY", shared.canaries.add("scenario"))
			s.keep("CANARY2", shared.canaries.add("scenario"))
			s.keep("GLOBEX", s.globex.String())
			s.keep("WORLD", s.name)
			env.Values["scenario"] = s
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"as":      command((*scenario).as),
			"gql":     command((*scenario).gql),
			"get":     command((*scenario).get),
			"until":   command((*scenario).until),
			"put":     command((*scenario).put),
			"fetch":   command((*scenario).fetch),
			"audit":   command((*scenario).audit),
			"runtime": command((*scenario).makeRuntime),
			"refer":   command((*scenario).referTo),
			"unseal":  command((*scenario).unseal),
		},
	})
}

// scenario is the state of one script.
type scenario struct {
	*world
	rows  *sql.DB
	who   credential
	last  answer
	kept  map[string]string
	masks []string
	// opens what is sealed to it.
	opens runtime
}

func command(do func(*scenario, *testscript.TestScript, []string)) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		if neg {
			ts.Fatalf("this command has no opposite")
		}
		s, ok := ts.Value("scenario").(*scenario)
		if !ok {
			ts.Fatalf("no scenario")
		}
		do(s, ts, args)
	}
}

// keep remembers a text and, from then on, shows it as @NAME@.
func (s *scenario) keep(name, value string) {
	s.kept[name] = value
	s.masks = append(s.masks, value, "@"+name+"@")
}

func (s *scenario) fill(text string) string {
	for name, value := range s.kept {
		text = strings.ReplaceAll(text, "@"+name+"@", value)
	}
	return text
}

var (
	anyID   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	anyTime = regexp.MustCompile(`[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z`)
	// stagedName is where an upload's bytes land.
	stagedName = regexp.MustCompile(`staging/([0-9a-f-]{36})`)
	anyURL     = regexp.MustCompile(`http://127[^"\s]+`)
)

func (s *scenario) mask(text string) string {
	text = strings.NewReplacer(s.masks...).Replace(text)
	text = anyURL.ReplaceAllString(text, "<url>")
	return anyTime.ReplaceAllString(anyID.ReplaceAllString(text, "<id>"), "<time>")
}

func (s *scenario) as(ts *testscript.TestScript, args []string) {
	name := args[0]
	if scopes, ok := strings.CutPrefix(name, "key:"); ok {
		s.who = s.keyOf(ts, scopes)
		return
	}
	if name == "nobody" {
		s.who = credential{}
		return
	}
	if token, ok := strings.CutPrefix(name, "token:"); ok {
		s.who = credential{"X-API-Key", s.fill(token)}
		return
	}
	if email, ok := strings.CutPrefix(name, "person:"); ok {
		s.who = s.person(ts, email, true)
		return
	}
	if email, ok := strings.CutPrefix(name, "stranger:"); ok {
		s.who = s.person(ts, email, false)
		return
	}
	workspaceName, role := "acme", name
	if foreign, ok := strings.CutPrefix(name, "globex-"); ok {
		workspaceName, role = "globex", foreign
	}
	s.who = s.user(workspaceName, authz.Role(strings.ToUpper(role)))
}

// person is somebody who has that address, verified by the issuer or only said.
func (s *scenario) person(ts *testscript.TestScript, email string, verified bool) credential {
	token, err := s.key.Mint(oidc.Claims{
		Issuer:        s.setting("oidcIssuer"),
		Audience:      s.setting("oidcAudience"),
		Subject:       s.name + email,
		Email:         s.fill(email),
		EmailVerified: verified,
		ExpiresIn:     time.Hour,
		Now:           time.Now(),
	})
	ts.Check(err)
	return credential{"Authorization", "Bearer " + token}
}

func (s *scenario) keyOf(ts *testscript.TestScript, texts string) credential {
	var scopes []authz.Scope
	for text := range strings.SplitSeq(texts, ",") {
		scope, ok := authz.ParseScope(text)
		if !ok {
			ts.Fatalf("there is no scope %q", text)
		}
		scopes = append(scopes, scope)
	}
	return s.apiKey("acme", scopes...)
}

func (s *scenario) gql(ts *testscript.TestScript, args []string) {
	variables := map[string]any{}
	if len(args) > 1 {
		ts.Check(json.Unmarshal([]byte(s.fill(ts.ReadFile(args[1]))), &variables))
	}
	body, err := json.Marshal(map[string]any{"query": s.fill(ts.ReadFile(args[0])), "variables": variables})
	ts.Check(err)
	s.last, err = s.send(s.who, body)
	ts.Check(err)
	var pretty bytes.Buffer
	ts.Check(json.Indent(&pretty, s.last.body, "", "  "))
	_, err = fmt.Fprintln(ts.Stdout(), s.mask(pretty.String()))
	ts.Check(err)
}

func (s *scenario) until(ts *testscript.TestScript, args []string) {
	body, err := json.Marshal(map[string]any{"query": s.fill(ts.ReadFile(args[0]))})
	ts.Check(err)
	for end := time.Now().Add(3 * time.Minute); ; time.Sleep(100 * time.Millisecond) {
		s.last, err = s.send(s.who, body)
		ts.Check(err)
		if strings.Contains(string(s.last.body), args[1]) {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("after three minutes there is no %s in %s", args[1], s.last.body)
		}
	}
}

func (s *scenario) get(ts *testscript.TestScript, args []string) {
	value := s.last.text(strings.Split(args[1], ".")...)
	if value == "" {
		ts.Fatalf("there is no text at %s in %s", args[1], s.last.body)
	}
	s.keep(args[0], value)
	ts.Setenv(args[0], value)
}

var storageCode = regexp.MustCompile(`<Code>([^<]+)</Code>`)

func (s *scenario) put(ts *testscript.TestScript, args []string) {
	r, err := http.NewRequest(http.MethodPut, args[0], strings.NewReader(ts.ReadFile(args[1])))
	ts.Check(err)
	for _, header := range args[2:] {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	status, body := exchange(ts, r)
	code := ""
	if found := storageCode.FindSubmatch(body); found != nil {
		code = " " + string(found[1])
	}
	_, err = fmt.Fprintf(ts.Stdout(), "%d%s\n", status, code)
	ts.Check(err)
	if status == http.StatusOK {
		s.settled(ts, r.URL)
	}
}

// settled waits until what was PUT has been settled, as storage tells of it: so each event has its place on record.
func (s *scenario) settled(ts *testscript.TestScript, at *url.URL) {
	// the one of a signed URL, the other of a session
	found := stagedName.FindStringSubmatch(at.Path + at.Query().Get("name"))
	if found == nil {
		ts.Fatalf("%s is no upload's", at.Path)
	}
	var open bool
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		ts.Check(s.rows.QueryRow(`SELECT EXISTS (SELECT FROM upload WHERE id::text = $1 AND state = 'OPEN')`, found[1]).
			Scan(&open))
		if !open {
			return
		}
		if time.Now().After(end) {
			ts.Fatalf("after a minute upload %s is open yet", found[1])
		}
	}
}

func (s *scenario) fetch(ts *testscript.TestScript, args []string) {
	r, err := http.NewRequest(http.MethodGet, args[0], nil)
	ts.Check(err)
	status, body := exchange(ts, r)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), body, 0o600))
	_, err = fmt.Fprintln(ts.Stdout(), status)
	ts.Check(err)
}

func exchange(ts *testscript.TestScript, r *http.Request) (int, []byte) {
	response, err := client.Do(r)
	ts.Check(err)
	defer func() { _ = response.Body.Close() }()
	var body bytes.Buffer
	_, err = body.ReadFrom(response.Body)
	ts.Check(err)
	return response.StatusCode, body.Bytes()
}

const eventsQuery = `{ auditEvents(first: 100) { nodes { action outcome risk actor { kind label } ip targetKind targetLabel reason details } } }`

func (s *scenario) audit(ts *testscript.TestScript, _ []string) {
	a := s.do(s.user("acme", authz.Admin), eventsQuery, nil)
	nodes, _ := a.at("data", "auditEvents", "nodes").([]any)
	for i := len(nodes) - 1; i >= 0; i-- {
		event, _ := nodes[i].(map[string]any)
		at := answer{tree: event}
		line := fmt.Sprintf("%s %s %s by %s %s from %s on %s %s", at.text("action"), at.text("outcome"),
			at.text("risk"),
			at.text("actor", "kind"), at.text("actor", "label"), at.text("ip"), at.text("targetKind"),
			at.text("targetLabel"))
		if reason := at.text("reason"); reason != "" {
			line += " because " + reason
		}
		_, err := fmt.Fprintln(ts.Stdout(), s.mask(strings.TrimSpace(line)))
		ts.Check(err)
	}
}
