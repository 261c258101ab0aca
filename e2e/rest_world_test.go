package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/provenanceone/data-api/internal/testkit"
)

// rest sends a request to a route, and holds the answer against the description that the server gives of itself.
// Headers come in pairs.
func (w *world) rest(who credential, method, path, body string, headers ...string) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, "http://"+w.address+path, strings.NewReader(body))
	testkit.Must(w.t, err)
	r.Header.Set("User-Agent", "e2e")
	if who.header != "" {
		r.Header.Set(who.header, who.value)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	testkit.Must(w.t, err)
	a := answer{status: response.StatusCode, header: response.Header, body: text}
	if strings.HasSuffix(response.Header.Get("Content-Type"), "json") {
		_ = json.Unmarshal(text, &a.tree) // an object's own bytes may be called JSON
	}
	w.described().check(w.t, method, path, a)
	return a
}

// want fails unless a route answered so.
func (a answer) want(t testing.TB, status int, code string) answer {
	t.Helper()
	if a.status != status || a.text("code") != code {
		t.Errorf("got %d %s, want %d %s", a.status, a.body, status, code)
	}
	return a
}

// unlikeOthers is a problem without what differs from request to request.
func (a answer) unlikeOthers() string {
	id := a.header.Get("X-Request-Id")
	return fmt.Sprint(a.status, " ", strings.ReplaceAll(string(a.body), id, "ID"))
}

// description is the OpenAPI that a server gives.
type description struct {
	compiler *jsonschema.Compiler
	paths    map[string]map[string]struct {
		Responses map[string]struct {
			Content map[string]any
		}
	}
	mu       sync.Mutex
	compiled map[string]*jsonschema.Schema
}

var descriptions sync.Map

func (w *world) described() *description {
	w.t.Helper()
	if known, ok := descriptions.Load(w.address); ok {
		d, _ := known.(*description)
		return d
	}
	response, err := client.Get("http://" + w.address + "/openapi.json")
	testkit.Must(w.t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	testkit.Must(w.t, err)
	d := &description{compiler: jsonschema.NewCompiler(), compiled: map[string]*jsonschema.Schema{}}
	d.compiler.AssertFormat()
	var whole struct{ Paths json.RawMessage }
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err == nil {
		err = d.compiler.AddResource("api.json", document)
	}
	if err == nil {
		err = json.Unmarshal(text, &whole)
	}
	if err == nil {
		err = json.Unmarshal(whole.Paths, &d.paths)
	}
	if err != nil || len(d.paths) < 10 {
		w.t.Fatalf("the description has %d paths: %v", len(d.paths), err)
	}
	descriptions.Store(w.address, d)
	return d
}

var anyPlace = regexp.MustCompile(`\\\{[a-zA-Z]+\\\}`)

// check fails where an answer is not as described: its status, its media type, and what is in it.
func (d *description) check(t testing.TB, method, path string, a answer) {
	t.Helper()
	pointer := "/components/schemas/Problem"
	media := a.header.Get("Content-Type")
	if a.status < 400 {
		at, found := d.at(method, path)
		if !found {
			t.Errorf("%s %s is not described, and was answered with %d", method, path, a.status)
			return
		}
		status := fmt.Sprint(a.status)
		said, known := d.paths[at][strings.ToLower(method)].Responses[status]
		if !known {
			t.Errorf("%s %s: the status %s is not described", method, at, status)
		}
		if _, json := said.Content["application/json"]; !json {
			return
		}
		escape := strings.NewReplacer("~", "~0", "/", "~1")
		pointer = "/paths/" + escape.Replace(at) + "/" + strings.ToLower(method) + "/responses/" + status +
			"/content/application~1json/schema"
		media = strings.Replace(media, "application/json", "application/problem+json", 1)
	}
	if media != "application/problem+json" && method != http.MethodHead {
		t.Errorf("%s %s: %d is answered in %q", method, path, a.status, media)
	}
	if len(a.body) > 0 {
		d.validate(t, pointer, a)
	}
}

func (d *description) at(method, path string) (string, bool) {
	path, _, _ = strings.Cut(path, "?")
	longest := ""
	for at, methods := range d.paths {
		form := anyPlace.ReplaceAllString(regexp.QuoteMeta(at), "[^/]+")
		form = strings.TrimSuffix(form, "objects/[^/]+")
		if strings.HasSuffix(at, "/{key}") {
			form += "objects/.+"
		}
		if _, takes := methods[strings.ToLower(method)]; takes && regexp.MustCompile("^"+form+"$").MatchString(path) &&
			len(at) > len(longest) {
			longest = at
		}
	}
	return longest, longest != ""
}

func (d *description) validate(t testing.TB, pointer string, a answer) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	s := d.compiled[pointer]
	if s == nil {
		var err error
		if s, err = d.compiler.Compile("api.json#" + pointer); err != nil {
			t.Fatal(err)
		}
		d.compiled[pointer] = s
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(a.body))
	if err == nil {
		err = s.Validate(value)
	}
	if err != nil {
		t.Errorf("the answer is not as %s says: %v\n%s", pointer, err, a.body)
	}
}
