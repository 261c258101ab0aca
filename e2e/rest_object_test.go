package e2e

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// stored uploads a file by the routes alone.
func (w *world) stored(who credential, datastore, key, contentType, content string) {
	w.t.Helper()
	body, _ := json.Marshal(map[string]string{"key": key, "contentType": contentType}) // strings always marshal
	a := w.rest(who, http.MethodPost, "/datastores/"+datastore+"/upload-url", string(body)).want(w.t, http.StatusOK, "")
	r, err := http.NewRequestWithContext(w.t.Context(), a.text("method"), a.text("url"), strings.NewReader(content))
	testkit.Must(w.t, err)
	r.Header.Set("Content-Type", contentType)
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		w.t.Fatalf("storage answers %d", response.StatusCode)
	}
}

func (w *world) datastore(who credential, name string) string {
	w.t.Helper()
	return w.rest(who, http.MethodPost, "/datastores", `{"name": "`+name+`"}`).
		want(w.t, http.StatusCreated, "").text("id")
}

func TestREST_AnyKey_IsKeptExactly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor := w.user("acme", authz.Editor)
	at := "/datastores/" + w.datastore(editor, "keys")
	keys := []string{"a/b.csv", "a//b", "/a", "a/", "../x", "a/../b", "%2F", "a b+c", "ü/日本", "?x=1", "a#b", "a;b",
		`"q"`, "objects/x", "x/upload-url"}
	for _, key := range keys {
		w.stored(editor, strings.TrimPrefix(at, "/datastores/"), key, "text/plain", "of "+key)
	}
	for _, key := range keys {
		escaped := strings.ReplaceAll(url.PathEscape(key), "%2F", "/")
		for _, path := range []string{at + "/objects/" + url.PathEscape(key), at + "/objects/" + escaped} {
			if a := w.rest(editor, http.MethodGet, path, ""); a.status != http.StatusOK || string(a.body) != "of "+key {
				t.Errorf("%q at %s: %d %s", key, path, a.status, a.body)
			}
		}
	}
	listed := w.rest(editor, http.MethodGet, at+"/objects?limit=100", "").want(t, http.StatusOK, "")
	if items, _ := listed.at("items").([]any); len(items) != len(keys) || listed.at("nextCursor") != nil {
		t.Errorf("listed are %s", listed.body)
	}
	w.rest(editor, http.MethodDelete, at+"/objects/a//b", "").want(t, http.StatusNoContent, "")
	w.rest(editor, http.MethodGet, at+"/objects/a//b", "").want(t, http.StatusNotFound, "NOT_FOUND")
	w.rest(editor, http.MethodGet, at+"/objects/a/b.csv", "").want(t, http.StatusOK, "")
}

func TestREST_Conditions_AreKept_AndOnlyContentIsOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor := w.user("acme", authz.Editor)
	datastore := w.datastore(editor, "conditions")
	w.stored(editor, datastore, "page.html", "text/html", "0123456789")
	path := "/datastores/" + datastore + "/objects/page.html"
	head := w.rest(editor, http.MethodHead, path, "").want(t, http.StatusOK, "")
	etag, modified := head.header.Get("ETag"), head.header.Get("Last-Modified")
	for name, want := range map[string]string{
		"Content-Length":          "10",
		"Content-Type":            "text/html",
		"Accept-Ranges":           "bytes",
		"X-Content-Type-Options":  "nosniff",
		"Content-Disposition":     "attachment; filename=page.html",
		"Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
	} {
		if got := head.header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, row := range []struct {
		name, value, more string
		status            int
		body              string
	}{
		{"If-None-Match", etag, "", http.StatusNotModified, ""},
		{"If-None-Match", `"other"`, "", http.StatusOK, "0123456789"},
		{"If-Modified-Since", modified, "", http.StatusNotModified, ""},
		{"If-Match", `"other"`, "", http.StatusPreconditionFailed, ""},
		{"Range", "bytes=2-4", "bytes 2-4/10", http.StatusPartialContent, "234"},
		{"Range", "bytes=-3", "bytes 7-9/10", http.StatusPartialContent, "789"},
		{"Range", "bytes=8-99", "bytes 8-9/10", http.StatusPartialContent, "89"},
		{"Range", "bytes=10-", "bytes */10", http.StatusRequestedRangeNotSatisfiable, ""},
		{"Range", "bytes=0-1,3-4", "", http.StatusOK, "0123456789"},
	} {
		a := w.rest(editor, http.MethodGet, path, "", row.name, row.value)
		if a.status != row.status || a.status < 300 && string(a.body) != row.body ||
			a.header.Get("Content-Range") != row.more {
			t.Errorf("%s: %s: got %d %s %v", row.name, row.value, a.status, a.body, a.header)
		}
	}
	if n := w.recorded("datastore.object_read"); n != 5 {
		t.Errorf("%d reads are on record, of 5 answers with content", n)
	}
	w.rest(editor, http.MethodDelete, path, "", "If-Match", `"other"`).
		want(t, http.StatusPreconditionFailed, "CONFLICT")
	w.rest(editor, http.MethodDelete, path, "", "If-Match", etag).want(t, http.StatusNoContent, "")
	w.rest(editor, http.MethodHead, path, "").want(t, http.StatusNotFound, "")
	w.stored(editor, datastore, "page.html", "text/html", "another")
	if a := w.rest(editor, http.MethodHead, path, ""); a.header.Get("ETag") == etag {
		t.Error("after a deletion another object has the same ETag")
	}
	w.rest(editor, http.MethodDelete, "/datastores/"+datastore, "").want(t, http.StatusConflict, "IN_USE")
}

func TestREST_Lists_GoOnFromTheirCursor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor := w.user("acme", authz.Editor)
	for i := range 5 {
		w.datastore(editor, fmt.Sprintf("list-%d", i))
	}
	var names []string
	for path := "/datastores?limit=2&nameContains=LIST"; ; {
		a := w.rest(editor, http.MethodGet, path, "").want(t, http.StatusOK, "")
		items, _ := a.at("items").([]any)
		for _, item := range items {
			object, _ := item.(map[string]any)
			names = append(names, fmt.Sprint(object["name"]))
		}
		if a.at("totalCount") != 5.0 {
			t.Errorf("got %s", a.body)
		}
		if a.at("nextCursor") == nil {
			break
		}
		path = "/datastores?limit=2&nameContains=LIST&cursor=" + url.QueryEscape(a.text("nextCursor"))
	}
	if got := strings.Join(names, " "); got != "list-0 list-1 list-2 list-3 list-4" {
		t.Errorf("listed are %s", got)
	}
}

func TestREST_ListsByName_HaveThatOneOrNone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor := w.user("acme", authz.Editor)
	w.datastore(editor, "named/a&b")
	w.datastore(editor, "named/a&b.old")
	for _, name := range []string{"named/api-key", "named/api-key.v2"} {
		w.rest(editor, http.MethodPost, "/secrets", fmt.Sprintf(`{"name": %q, "value": %q}`, name,
			w.canaries.add("named"))).want(t, http.StatusCreated, "")
	}
	for path, want := range map[string]int{
		"/datastores?name=" + url.QueryEscape("named/a&b"):                         1,
		"/datastores?name=" + url.QueryEscape("named/A&B"):                         0,
		"/secrets?name=named%2Fapi-key":                                            1,
		"/secrets?name=named/api-key.v2&includeDeleted=true":                       1,
		"/secrets?name=named":                                                      0,
		"/secrets?name=named/api-key&nameContains=" + url.QueryEscape("api-key.v"): 0,
	} {
		a := w.rest(editor, http.MethodGet, path, "").want(t, http.StatusOK, "")
		if items, _ := a.at("items").([]any); len(items) != want || a.at("totalCount") != float64(want) {
			t.Errorf("%s has not %d items: %s", path, want, a.body)
		}
	}
	w.rest(editor, http.MethodGet, "/secrets?name=", "").want(t, http.StatusBadRequest, "BAD_USER_INPUT")
	w.rest(w.apiKey("acme", authz.SecretsList), http.MethodGet, "/datastores?name=x", "").
		want(t, http.StatusForbidden, "FORBIDDEN")
}

// TestREST_LargeObject_StreamsInConstantMemory takes 100 MB through a server, whole and by range, and leaves in the
// middle of it.
func TestREST_LargeObject_StreamsInConstantMemory(t *testing.T) {
	t.Parallel()
	server, err := shared.serve(plainBinary(t), "server-rest")
	testkit.Must(t, err)
	defer func() {
		if err := server.stop(); err != nil {
			t.Error(err)
		}
	}()
	w := newWorld(t, shared)
	w.address = server.address
	editor := w.user("acme", authz.Editor)
	datastore := w.datastore(editor, "files")
	path := binary(t, 100<<20)
	a := w.rest(editor, http.MethodPost, "/datastores/"+datastore+"/upload-url",
		`{"key": "big.bin", "contentType": "application/octet-stream", "maxBytes": 209715200}`)
	w.curl("-sS", "-f", "-X", "PUT", a.text("url"), "-T", path, "-H", "Content-Type: application/octet-stream")
	down, from := filepath.Join(t.TempDir(), "down"), "http://"+w.address+"/datastores/"+datastore+"/objects/big.bin"
	header := editor.header + ": " + editor.value
	w.curl("-sS", "-f", "-o", down, "-H", header, from)
	if sum(t, path) != sum(t, down) {
		t.Error("it came down otherwise than it went up")
	}
	testkit.Must(t, os.Truncate(down, 60<<20))
	w.curl("-sS", "-f", "-C", "-", "-o", down, "-H", header, from)
	if sum(t, path) != sum(t, down) {
		t.Error("taken up again, it came down otherwise than it went up")
	}
	w.leave(from, editor)
	// and nobody searches 100 MB for secrets
	w.rest(editor, http.MethodDelete, "/datastores/"+datastore+"/objects/big.bin", "").want(t, http.StatusNoContent, "")
	if rss := peakMemory(t, server.cmd.Process.Pid); rss > 150<<20 {
		t.Errorf("the server's memory reached %d MiB", rss>>20)
	}
}

// leave goes away in the middle of an answer.
func (w *world) leave(from string, who credential) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, from, http.NoBody)
	testkit.Must(w.t, err)
	r.Header.Set(who.header, who.value)
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	if _, err := io.CopyN(io.Discard, response.Body, 1<<20); err != nil {
		w.t.Fatal(err)
	}
	_ = response.Body.Close()
}
