package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
)

// modes are the ways in which a file goes up.
var modes = map[string]map[string]any{
	"SINGLE":            {},
	"of the type alone": {"contentTypeOnly": true},
	"RESUMABLE":         {"mode": "RESUMABLE"},
}

// wantNothing says that no object is at the key, and that a complete listing has none.
func (w *world) wantNothing(what, in, key string) {
	w.t.Helper()
	a := w.do(w.user("acme", authz.Viewer),
		`query($d: ID!, $k: String!) { datastore(id: $d) { object(key: $k) { key } } }`,
		map[string]any{"d": in, "k": key})
	if a.at("data", "datastore", "object") != nil || a.code() != "" {
		w.t.Errorf("%s: there is an object: %s", what, a.body)
	}
}

// wantVersion says what the one version of a key is.
func (w *world) wantVersion(what, in, key, text string) {
	w.t.Helper()
	a := w.do(w.user("acme", authz.Viewer),
		`query($d: ID!, $k: String!) { datastore(id: $d) { object(key: $k) { current { version content { text } } } } }`,
		map[string]any{"d": in, "k": key})
	version, got := a.at("data", "datastore", "object", "current", "version"), a.text("data", "datastore", "object",
		"current", "content", "text")
	if fmt.Sprint(version) != "1" || got != text {
		w.t.Errorf("%s: version %v of the object is %q", what, version, got)
	}
}

// TestSigned_OtherThanSigned_IsRefusedOrNeverAnObject changes one thing at a time of what was signed.
func TestSigned_OtherThanSigned_IsRefusedOrNeverAnObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor, in := w.user("acme", authz.Editor), w.bin()
	elsewhere := w.landing(editor, in, "elsewhere", nil)
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	query := func(was, is string) func(*http.Request) {
		return func(r *http.Request) { r.URL.RawQuery = strings.Replace(r.URL.RawQuery, was, is, 1) }
	}
	changes := map[string]func(*http.Request){
		"another method": func(r *http.Request) { r.Method = http.MethodDelete },
		"POST":           func(r *http.Request) { r.Method = http.MethodPost },
		"another name":   func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, "staging/", "blobs/", 1) },
		"another upload's name": func(r *http.Request) {
			r.URL.Path = r.URL.Path[:strings.LastIndex(r.URL.Path, "/")+1] + elsewhere.id
		},
		"another type":      header("Content-Type", "text/html"),
		"no type":           func(r *http.Request) { r.Header.Del("Content-Type") },
		"a longer life":     query("X-Goog-Expires=", "X-Goog-Expires=9"),
		"another signature": query("X-Goog-Signature=", "X-Goog-Signature=00"),
		"metadata":          header("x-goog-meta-owner", "me"),
		"an ACL":            header("x-goog-acl", "public-read"),
		"a copy":            header("x-goog-copy-source", "/b/blobs/x"),
	}
	for _, mode := range []string{"SINGLE", "of the type alone"} {
		l := w.landing(editor, in, mode, modes[mode])
		for name, change := range changes {
			if status := w.putAs(l, "a", change); status < 400 {
				t.Errorf("%s, %s: storage answers %d", mode, name, status)
			}
		}
		if got := w.stateOf(l); got != "OPEN" {
			t.Errorf("%s: it is %s", mode, got)
		}
		w.wantNothing(mode, in, mode)
	}
	single := w.landing(editor, in, "bound", map[string]any{"md5": "DMF1ucDxtqgxw5niaXcmYQ=="}) // of a
	for name, change := range map[string]func(*http.Request){
		"a longer range": header("x-goog-content-length-range",
			"0,99"),
		"no range":           func(r *http.Request) { r.Header.Del("x-goog-content-length-range") },
		"another generation": header("x-goog-if-generation-match", "1"),
		"any generation":     func(r *http.Request) { r.Header.Del("x-goog-if-generation-match") },
		"another MD5":        header("Content-MD5", "kutf/uauL+w61xx3dTFXjw=="),
		"no MD5":             func(r *http.Request) { r.Header.Del("Content-MD5") },
	} {
		if status := w.putAs(single, "b", change); status < 400 {
			t.Errorf("%s: storage answers %d", name, status)
		}
	}
	if long, wrong := w.putAs(single, strings.Repeat("a", 10)), w.putAs(single, "b"); long != http.StatusBadRequest ||
		wrong != http.StatusBadRequest {
		t.Errorf("a longer body is answered %d, other bytes than the MD5's %d", long, wrong)
	}
	w.wantNothing("bound", in, "bound")
	if status := w.putAs(single, "a"); status != http.StatusOK {
		t.Errorf("what was signed is answered %d", status)
	}
	w.wantVersion("bound", in, "bound", "a")
}

// TestSigned_LongerThanAllowed_NeverBecomesAnObject is for the two ways in which storage is not told how long a body
// may be.
func TestSigned_LongerThanAllowed_NeverBecomesAnObject(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor, in := w.user("acme", authz.Editor), w.bin()
	for _, mode := range []string{"of the type alone", "RESUMABLE"} {
		l := w.landing(editor, in, mode, modes[mode])
		w.putAs(l, strings.Repeat("a", 10))
		w.wantNothing(mode, in, mode)
		if got := w.stateOf(l); got != "REJECTED TOO_LARGE" {
			t.Errorf("%s: it is %s", mode, got)
		}
	}
}

// TestSigned_UsedAgainOrLate_ChangesNothing sends once more after an upload has ended, in each way that it can.
func TestSigned_UsedAgainOrLate_ChangesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor, in := w.user("acme", authz.Editor), w.bin()
	for mode, more := range modes {
		l := w.landing(editor, in, mode, more)
		if status := w.putAs(l, "first"); status != http.StatusOK {
			t.Fatalf("%s: storage answers %d", mode, status)
		}
		w.wantVersion(mode, in, mode, "first")
		for range 2 {
			w.putAs(l, "second")
			w.wantVersion(mode+", again", in, mode, "first")
		}
		gone := w.landing(editor, in, mode+", cancelled", more)
		if a := w.do(editor, `mutation($u: ID!) { cancelUpload(input: {uploadId: $u}) { upload { state } } }`,
			map[string]any{"u": gone.id}); a.code() != "" {
			t.Fatalf("%s", a.body)
		}
		w.putAs(gone, "late")
		w.wantNothing(mode+", cancelled", in, mode+", cancelled")
		if got := w.stateOf(gone); got != "CANCELLED" {
			t.Errorf("%s: it is %s", mode, got)
		}
	}
	brief := w.landing(editor, in, "expired", map[string]any{"expiresIn": "PT1S"})
	<-time.After(2100 * time.Millisecond)
	if status := w.putAs(brief, "late"); status != http.StatusBadRequest {
		t.Errorf("after its expiry storage answers %d", status)
	}
	w.wantNothing("expired", in, "expired")
}

// TestSigned_OfWhoMayNoMore_NeverBecomesAnObject takes the right away between the asking and the PUT.
func TestSigned_OfWhoMayNoMore_NeverBecomesAnObject(t *testing.T) {
	t.Parallel()
	for mode, more := range modes {
		w := newWorld(t, shared)
		admin, in := w.user("acme", authz.Admin), w.bin()
		must := func(query string, variables map[string]any) answer {
			a := w.do(admin, query, variables)
			if a.code() != "" {
				t.Fatalf("%s", a.body)
			}
			return a
		}
		for name, who := range map[string]credential{
			"a revoked key": w.apiKey("acme", authz.DatastoresWrite),
			"a lower role":  w.user("acme", authz.Editor),
		} {
			l := w.landing(who, in, mode+name, more)
			if who.header == "X-API-Key" {
				keys, _ := must(`{ apiKeys(first: 10) { nodes { id } } }`, nil).at("data", "apiKeys", "nodes").([]any)
				for _, k := range keys {
					key, _ := k.(map[string]any)
					must(`mutation($k: ID!) { revokeAPIKey(input: {apiKeyId: $k}) { apiKey { id } } }`,
						map[string]any{"k": key["id"]})
				}
			} else {
				must(`mutation { setMemberRole(input: {email: "editor@acme.example", role: VIEWER}) { member { id } } }`, nil)
			}
			w.putAs(l, "late")
			w.wantNothing(mode+" of "+name, in, mode+name)
			if got := w.stateAs(admin, l); got != "REJECTED REVOKED" {
				t.Errorf("%s of %s is %s", mode, name, got)
			}
		}
		must(`mutation { setMemberRole(input: {email: "editor@acme.example", role: EDITOR}) { member { id } } }`, nil)
		l := w.landing(w.user("acme", authz.Editor), in, "removed", more)
		member := must(`mutation { setMemberRole(input: {email: "editor@acme.example", role: EDITOR}) { member { id } } }`, nil).text("data", "setMemberRole", "member", "id")
		must(`mutation($m: ID!) { removeMember(input: {memberId: $m}) { memberId } }`, map[string]any{"m": member})
		w.putAs(l, "late")
		w.wantNothing(mode+" of a removed member", in, "removed")
		if got := w.stateAs(admin, l); got != "REJECTED REVOKED" {
			t.Errorf("%s of a removed member is %s", mode, got)
		}
	}
}
