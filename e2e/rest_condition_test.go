package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// What the preconditions of a request come to, by what it is for.
const (
	readsObject  = iota // GET, HEAD: the object has an ETag and a date
	readsOther          // GET, HEAD of what has neither
	deletesFile         // DELETE of an object
	deletesOther        // DELETE of what has no ETag
	posts               // POST, which is for no state of anything
	kinds
)

// Past, future and no date; E stands for the ETag of the object, M for its date.
const past, future, noDate = "Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 06 Nov 2099 08:49:37 GMT", "yesterday"

// goesOn is whatever the request is answered with when it has no precondition.
const goesOn = 0

var preconditions = []struct {
	headers []string
	want    [kinds]int
}{
	{nil, [kinds]int{}},
	{[]string{"If-Match", `E`}, [kinds]int{goesOn, 412, goesOn, 412, 412}},
	{[]string{"If-Match", `W/E`}, [kinds]int{412, 412, 412, 412, 412}},
	{[]string{"If-Match", `"other"`}, [kinds]int{412, 412, 412, 412, 412}},
	{[]string{"If-Match", `"other" , E`}, [kinds]int{goesOn, 412, goesOn, 412, 412}},
	{[]string{"If-Match", `"a,*,b"`}, [kinds]int{412, 412, 412, 412, 412}},
	{[]string{"If-Match", ``}, [kinds]int{412, 412, 412, 412, 412}},
	{[]string{"If-Match", `no tag`}, [kinds]int{412, 412, 412, 412, 412}},
	{[]string{"If-Match", `*`}, [kinds]int{goesOn, goesOn, goesOn, goesOn, 412}},
	{[]string{"If-None-Match", `*`}, [kinds]int{304, 304, 412, 412, 412}},
	{[]string{"If-None-Match", `E`}, [kinds]int{304, goesOn, 412, 412, 412}},
	{[]string{"If-None-Match", `"other", W/E`}, [kinds]int{304, goesOn, 412, 412, 412}},
	{[]string{"If-None-Match", `"other"`}, [kinds]int{goesOn, goesOn, goesOn, 412, 412}},
	{[]string{"If-None-Match", `no tag`}, [kinds]int{goesOn, goesOn, 412, 412, 412}},
	{[]string{"If-Unmodified-Since", past}, [kinds]int{412, goesOn, 412, 412, 412}},
	{[]string{"If-Unmodified-Since", `M`}, [kinds]int{goesOn, goesOn, goesOn, 412, 412}},
	{[]string{"If-Unmodified-Since", future}, [kinds]int{goesOn, goesOn, goesOn, 412, 412}},
	{[]string{"If-Unmodified-Since", noDate}, [kinds]int{}},
	{[]string{"If-Modified-Since", `M`}, [kinds]int{304, goesOn, goesOn, goesOn, goesOn}},
	{[]string{"If-Modified-Since", noDate}, [kinds]int{}},
	{[]string{"If-Match", `E`, "If-Unmodified-Since", past}, [kinds]int{goesOn, 412, goesOn, 412, 412}},
	{[]string{"If-Match", `*`, "If-Unmodified-Since", past}, [kinds]int{goesOn, goesOn, goesOn, goesOn, 412}},
	{[]string{"If-Match", `E`, "If-None-Match", `E`}, [kinds]int{304, 412, 412, 412, 412}},
	{[]string{"If-None-Match", `"other"`, "If-Modified-Since", `M`}, [kinds]int{goesOn, goesOn, goesOn, 412, 412}},
}

// conditional is a route, and a request to it that is carried out.
type conditional struct {
	method, path, body string
	kind, status       int
}

// conditionals are requests to every route. D, S, K and N stand for a datastore, a secret, a key and a new name.
var conditionals = []conditional{
	{"GET", "/datastores/D/objects/K", "", readsObject, 200}, {"HEAD", "/datastores/D/objects/K", "", readsObject, 200},
	{"GET", "/openapi.json", "", readsOther, 200}, {"GET", "/datastores", "", readsOther, 200},
	{"GET", "/datastores/D", "", readsOther, 200},
	{"GET", "/datastores/D/objects", "", readsOther, 200}, {"GET", "/secrets", "", readsOther, 200},
	{"GET", "/secrets/S", "", readsOther, 200},
	{"DELETE", "/datastores/D/objects/K", "", deletesFile, 204},
	{"DELETE", "/datastores/D?force=true", "", deletesOther, 204}, {"DELETE", "/secrets/S", "", deletesOther, 204},
	{"POST", "/datastores", `{"name": "N"}`, posts, 201},
	{"POST", "/secrets", `{"name": "N", "value": "V"}`, posts, 201},
	{"POST", "/datastores/D/upload-url", `{"key": "N", "contentType": "a/b", "maxBytes": 1}`, posts, 200},
	{"POST", "/datastores/D/download-url", `{"key": "K"}`, posts, 200},
	{"POST", "/secrets/S/rotate", `{"value": "V"}`, posts, 200}, {"POST", "/secrets/S/reveal", "", posts, 200},
	{"POST", "/runs/r/steps/s/storage", `{"action": "get", "datastoreId": "D", "key": "K"}`, posts, 200},
}

// TestREST_EveryPrecondition_OnEveryRoute_IsKeptOrRefused holds RFC 9110, section 13: what does not hold, or cannot be
// known, is never done.
func TestREST_EveryPrecondition_OnEveryRoute_IsKeptOrRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	admin, runtime := w.user("acme", authz.Admin), w.apiKey("acme", authz.RunsExecute)
	described := 0
	for _, methods := range w.described().paths {
		described += len(methods)
	}
	if described != len(conditionals) {
		t.Errorf("%d routes are tried of %d", len(conditionals), described)
	}
	own := w.newThings(admin, "first")
	for n, row := range preconditions {
		for i, c := range conditionals {
			who, value := admin, fmt.Sprintf("%d-%d", n, i)
			if strings.HasPrefix(c.path, "/runs") {
				who = runtime
			}
			a := w.rest(who, c.method, own.in(c.path),
				own.in(strings.NewReplacer(`"N"`, `"n`+value+`"`, `"V"`, `"`+w.canaries.add(value)+`"`).
					Replace(c.body)), own.headers(row.headers)...)
			want := row.want[c.kind]
			if want == goesOn {
				want = c.status
			}
			if a.status != want {
				t.Errorf("%s %s with %q: %d %s, want %d", c.method, c.path, row.headers, a.status, a.body, want)
			}
			if a.status == http.StatusPreconditionFailed && c.method != http.MethodHead &&
				a.text("code") != "CONFLICT" {
				t.Errorf("%s %s with %q: %s", c.method, c.path, row.headers, a.body)
			}
			if c.method == http.MethodDelete && a.status != c.status {
				w.rest(admin, http.MethodGet, own.in(strings.TrimSuffix(c.path, "?force=true")), "").
					want(t, http.StatusOK, "")
			}
			if a.status == http.StatusNoContent {
				own = w.newThings(admin, "after-"+value)
			}
		}
	}
}

// things are what requests are for.
type things struct{ datastore, secret, etag, modified string }

func (w *world) newThings(who credential, name string) things {
	w.t.Helper()
	made := things{datastore: w.datastore(who, name)}
	w.stored(who, made.datastore, "k", "text/plain", "content")
	body, _ := json.Marshal(map[string]string{"name": name, "value": w.canaries.add(name)}) // strings always marshal
	made.secret = w.rest(who, http.MethodPost, "/secrets", string(body)).want(w.t, http.StatusCreated, "").text("id")
	head := w.rest(who, http.MethodHead, made.in("/datastores/D/objects/K"), "").want(w.t, http.StatusOK, "")
	made.etag, made.modified = head.header.Get("ETag"), head.header.Get("Last-Modified")
	return made
}

func (m things) in(text string) string {
	return strings.NewReplacer("/D", "/"+m.datastore, "/S", "/"+m.secret, "/K", "/k", `"D"`, `"`+m.datastore+`"`, `"K"`,
		`"k"`).Replace(text)
}

func (m things) headers(pairs []string) (sent []string) {
	for i := 0; i < len(pairs); i += 2 {
		value := strings.ReplaceAll(pairs[i+1], "E", m.etag)
		if value == "M" {
			value = m.modified
		}
		sent = append(sent, pairs[i], value)
	}
	return sent
}

// TestREST_Delete_IfMatch_NeverNamesAnotherObject deletes what was written in the place of what was read.
func TestREST_Delete_IfMatch_NeverNamesAnotherObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor := w.user("acme", authz.Editor)
	in := w.datastore(editor, "again")
	path := "/datastores/" + in + "/objects/k"
	w.stored(editor, in, "k", "text/plain", "first")
	first := w.rest(editor, http.MethodHead, path, "").header.Get("ETag")
	w.rest(editor, http.MethodDelete, path, "").want(t, http.StatusNoContent, "")
	w.stored(editor, in, "k", "text/plain", "second")
	w.rest(editor, http.MethodDelete, path, "", "If-Match", first).want(t, http.StatusPreconditionFailed, "CONFLICT")
	a := w.do(editor, `mutation($d: ID!) { deleteObject(input: {datastoreId: $d, key: "k", ifVersion: 1}) { objectId } }`, map[string]any{"d": in})
	if code := a.code(); code != "CONFLICT" {
		t.Errorf("the number of an object that is gone names another one: %s", a.body)
	}
	id := strings.Trim(first[strings.Index(first, "-")+1:], `"`)
	for _, mutation := range []string{
		`deleteObject(input: {datastoreId: $d, key: "k", ifVersionId: $v}) { objectId }`,
		`restoreObjectVersion(input: {datastoreId: $d, key: "k", version: 2, ifVersionId: $v}) { version { id } }`,
		`copyObject(input: {datastoreId: $d, key: "k", targetDatastoreId: $d, targetKey: "k", ifTargetVersionId: $v}) { version { id } }`,
		`createUploadURL(input: {datastoreId: $d, key: "k", contentType: "a/b", ifVersionId: $v}) { url }`,
	} {
		a := w.do(editor, `mutation($d: ID!, $v: ID!) { `+mutation+` }`, map[string]any{"d": in, "v": id})
		if code := a.code(); code != "CONFLICT" {
			t.Errorf("%s: %s", mutation, a.body)
		}
	}
	w.rest(editor, http.MethodGet, path, "").want(t, http.StatusOK, "")
}

func TestREST_IdempotencyKey_EmptyOrTwice_IsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor := w.user("acme", authz.Editor)
	for i, values := range [][]string{{""}, {"a", "b"}, {"a", "a"}, {"", ""}} {
		body := fmt.Sprintf(`{"name": "keyed-%d"}`, i)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+w.address+"/datastores",
			strings.NewReader(body))
		testkit.Must(t, err)
		r.Header.Set(editor.header, editor.value)
		r.Header["Idempotency-Key"] = values
		response, err := client.Do(r)
		testkit.Must(t, err)
		var problem struct{ Code, Field string }
		if err := json.NewDecoder(response.Body).Decode(&problem); err != nil {
			t.Error(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != http.StatusBadRequest || problem.Code != "BAD_USER_INPUT" ||
			problem.Field != "Idempotency-Key" {
			t.Errorf("%q: %d %+v", values, response.StatusCode, problem)
		}
	}
}
