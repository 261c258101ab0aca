package e2e

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// steps are the storage steps of a run, sent as a workflow runtime does.
type steps struct {
	*world
	runtime   credential
	datastore string
}

func newSteps(t *testing.T) *steps {
	t.Helper()
	w := newWorld(t, shared)
	a := w.rest(w.user("acme", authz.Editor), http.MethodPost, "/datastores", `{"name": "steps"}`)
	return &steps{w, w.apiKey("acme", authz.RunsExecute), a.want(t, http.StatusCreated, "").text("id")}
}

const stepPath = "/runs/run-1/steps/read/storage"

// do sends a step in the datastore, with headers in pairs.
func (s *steps) do(members map[string]any, headers ...string) answer {
	s.t.Helper()
	members["datastoreId"] = s.datastore
	body, err := json.Marshal(members)
	testkit.Must(s.t, err)
	return s.rest(s.runtime, http.MethodPost, stepPath, string(body), headers...)
}

func (s *steps) done(members map[string]any, headers ...string) answer {
	s.t.Helper()
	return s.do(members, headers...).want(s.t, http.StatusOK, "")
}

// documentedStep reads the example of the product's documentation as it stands there.
func (s *steps) documentedStep() map[string]any {
	s.t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "step.txt"))
	testkit.Must(s.t, err)
	step := map[string]any{}
	for line := range strings.Lines(strings.ReplaceAll(string(text), "the ID of your datastore", s.datastore)) {
		name, value, _ := strings.Cut(strings.Trim(line, "• \n"), ": ")
		step[name] = value
	}
	if len(step) != 3 || step["datastoreId"] != s.datastore {
		s.t.Fatalf("got %v", step)
	}
	return step
}

func TestREST_DocumentedStorageStep_PassesVerbatim(t *testing.T) {
	t.Parallel()
	s := newSteps(t)
	step, content := s.documentedStep(), "day,amount\n2026-05-01,12\n"
	s.do(step).want(t, http.StatusNotFound, "NOT_FOUND")
	s.done(map[string]any{"action": "put", "key": step["key"], "text": content, "contentType": "text/csv"})

	a := s.done(step)
	if a.text("text") != content || a.text("object", "contentType") != "text/csv" ||
		a.text("object", "key") != step["key"] || a.at("downloadUrl") != nil || a.at("objects") != nil {
		t.Errorf("got %s", a.body)
	}
	if n := s.recorded("datastore.step_executed"); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestREST_StorageStep_PutSentAgain_IsDoneOnce(t *testing.T) {
	t.Parallel()
	s := newSteps(t)
	put := func() map[string]any {
		content := base64.StdEncoding.EncodeToString([]byte{0xff, 0})
		return map[string]any{"action": "PUT", "key": "out/a.bin", "base64": content, "ifVersion": 0}
	}
	first, again := s.done(put(), "Idempotency-Key", "once"), s.done(put(), "Idempotency-Key", "once")
	if first.at("object", "version") != 1.0 || again.text("object", "etag") != first.text("object", "etag") {
		t.Errorf("got %s, and again %s", first.body, again.body)
	}
	if taken := s.do(put()).want(t, http.StatusConflict, "CONFLICT"); taken.at("currentVersion") != 1.0 {
		t.Errorf("got %s", taken.body)
	}
	got := s.done(map[string]any{"action": "get", "key": "out/a.bin", "version": 1})
	if got.at("text") != nil || got.text("base64") != "/wA=" {
		t.Errorf("got %s", got.body)
	}
}

func TestREST_StorageStep_ListAndDelete_AnswerWhatTheyHave(t *testing.T) {
	t.Parallel()
	s := newSteps(t)
	for _, key := range []string{"out/a", "out/b", "z"} {
		s.done(map[string]any{"action": "put", "key": key, "text": key})
	}
	page := s.done(map[string]any{"action": "list", "prefix": "out/", "limit": 1})
	next := s.done(map[string]any{"action": "list", "prefix": "out/", "cursor": page.text("objects", "nextCursor")})
	if !strings.Contains(string(page.body), `"out/a"`) || strings.Contains(string(page.body), `"out/b"`) ||
		!strings.Contains(string(next.body), `"out/b"`) || next.at("objects", "nextCursor") != nil {
		t.Errorf("got %s, then %s", page.body, next.body)
	}

	gone := s.done(map[string]any{"action": "delete", "key": "out/b", "ifVersion": 1})
	if string(gone.body) != `{"object":null,"text":null,"base64":null,"downloadUrl":null,"objects":null}` {
		t.Errorf("got %s", gone.body)
	}
	s.do(map[string]any{"action": "delete", "key": "out/b"}).want(t, http.StatusNotFound, "NOT_FOUND")
}

func TestREST_StorageStep_LargeObject_ComesByURL(t *testing.T) {
	t.Parallel()
	s := newSteps(t)
	content := bytes.Repeat([]byte("a"), 256<<10+1)
	asked := `{"key": "large", "contentType": "text/plain"}`
	granted := s.rest(s.runtime, http.MethodPost, "/datastores/"+s.datastore+"/upload-url", asked)
	url := granted.want(t, http.StatusOK, "").text("url")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, url, bytes.NewReader(content))
	testkit.Must(t, err)
	r.Header.Set("Content-Type", "text/plain")
	put, err := client.Do(r)
	testkit.Must(t, err)
	_ = put.Body.Close()

	got := s.done(map[string]any{"action": "get", "key": "large"})
	if got.at("text") != nil || got.at("base64") != nil || got.text("downloadUrl") == "" {
		t.Fatalf("got %s", got.body)
	}
	response, err := client.Get(got.text("downloadUrl"))
	testkit.Must(t, err)
	defer func() { _ = response.Body.Close() }()
	if down, err := io.ReadAll(response.Body); err != nil || !bytes.Equal(down, content) {
		t.Errorf("%d bytes came down: %v", len(down), err)
	}
}

// TestREST_StorageStep_WhatIsWrong_IsNamedAsTheRouteNamesIt tries what GraphQL calls by another name, and what a step
// lacks.
func TestREST_StorageStep_WhatIsWrong_IsNamedAsTheRouteNamesIt(t *testing.T) {
	t.Parallel()
	s := newSteps(t)
	unused := func(name string) string { return "A step that does GET does not use `" + name + "`: leave it out." }
	oneOf := "action must be one of get, put, list, delete."
	get := func(more map[string]any) map[string]any {
		step := map[string]any{"action": "get", "key": "k"}
		for name, value := range more {
			step[name] = value
		}
		return step
	}
	for _, test := range []struct {
		step        map[string]any
		field, says string
	}{
		{map[string]any{"key": "k"}, "action", "action is required."},
		{get(map[string]any{"action": "rename"}), "action", oneOf},
		{get(map[string]any{"action": "gEt"}), "action", oneOf},
		{get(map[string]any{"action": "li\u017ft"}), "action", oneOf},
		{get(map[string]any{"action": 1}), "action", oneOf},
		{map[string]any{"action": "get"}, "key", "A step that does GET needs `key`."},
		{get(map[string]any{"limit": 1}), "limit", unused("limit")},
		{get(map[string]any{"cursor": "c"}), "cursor", unused("cursor")},
		{map[string]any{"action": "list", "limit": 101}, "limit", "A page has 1 to 100 items."},
		{get(map[string]any{"first": 1}), "", "The body may have the members action, datastoreId, key, version, " +
			"text, " +
			"base64, contentType, ifVersion, prefix, limit, cursor only."},
	} {
		a := s.do(test.step).want(t, http.StatusBadRequest, "BAD_USER_INPUT")
		if a.text("field") != test.field || a.text("detail") != test.says {
			t.Errorf("%v: got %s", test.step, a.body)
		}
	}
	a := s.do(get(nil), "Idempotency-Key", "once").want(t, http.StatusBadRequest, "BAD_USER_INPUT")
	if a.text("field") != "Idempotency-Key" || a.text("detail") != unused("Idempotency-Key") {
		t.Errorf("got %s", a.body)
	}
}

func TestREST_StorageStep_IDsThatCannotBe_AreRefused(t *testing.T) {
	t.Parallel()
	s := newSteps(t)
	list := `{"action": "list", "datastoreId": "` + s.datastore + `"}`
	for path, field := range map[string]string{
		"/runs/%00/steps/read/storage":                               "runId",
		"/runs/run-1/steps/" + strings.Repeat("s", 129) + "/storage": "stepId",
	} {
		a := s.rest(s.runtime, http.MethodPost, path, list).want(t, http.StatusBadRequest, "BAD_USER_INPUT")
		if a.text("field") != field {
			t.Errorf("%s: got %s", path, a.body)
		}
	}
	missing := s.rest(s.runtime, http.MethodPost, stepPath, `{"action": "list"}`)
	if missing.want(t, http.StatusBadRequest, "BAD_USER_INPUT").text("field") != "datastoreId" {
		t.Errorf("got %s", missing.body)
	}
	s.rest(s.user("acme", authz.Admin), http.MethodPost, stepPath, list).want(t, http.StatusForbidden, "FORBIDDEN")
}
