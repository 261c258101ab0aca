package e2e

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestREST_HostileRequests_AreProblems sends what is malformed, too much or not meant, to each route.
func TestREST_HostileRequests_AreProblems(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	owned := w.own()
	admin := w.user("acme", authz.Admin)
	value := w.canaries.add("hostile")
	bodies := []string{"{", "[]", "null", `"x"`, "{}{}", `{"name": "a"} x`, `{"name": "a\u0000b"}`,
		`{"name": "\ud800"}`, "{\"name\": \"\xff\"}", `{"name": 1}`, `{"key": {}, "contentType": []}`,
		`{"name": "a", "name": "b"}`, `{"` + value + `": 1}`, `{"value": "` + value, `{"value": ["` + value + `"]}`,
		`{"value": 1}`, strings.Repeat("[", 100000), "a=b&c=d",
		`{"key": "` + strings.Repeat("a", 901) + `", "contentType": "a/b"}`,
		`{"key": "k", "contentType": "a/b", "maxBytes": 1.5}`,
		`{"key": "k", "contentType": "a/b", "maxBytes": "99999999999999999999"}`,
		`{"key": "k", "contentType": "a/b", "expiresIn": "soon"}`, `{"key": "k", "contentType": "a/b\r\nX: y"}`,
		`{"version": 99999999999}`, `{"version": -1}`, `{"recipientKey": "x"}`}
	calls := 0
	for _, s := range samples() {
		if s.body == "" && s.method != http.MethodPost {
			continue
		}
		for _, body := range bodies {
			s := s.of(owned["datastore"], owned["secret"], "k")
			a := w.rest(admin, s.method, s.path, body)
			if calls++; a.status < 400 || a.status >= 500 || strings.Contains(string(a.body), value) {
				t.Errorf("%.60q to %s: %d %s", body, s.path, a.status, a.body)
			}
		}
	}
	at := "/datastores/" + owned["datastore"] + "/objects/"
	for _, path := range []string{at + "%00", at + "%ff", at + "a%0Ab", at + strings.Repeat("a", 901), at +
		strings.Repeat("%C3%A9", 451), at + "a%CC%81", at +
		"..%2F..%2Fetc%2Fpasswd", "/datastores/%00", "/datastores/%ff/objects/k",
		"/nothing", "/datastores/", "//datastores", "/secrets/x/y", "/Secrets", "/graphql/", at, "/datastores?limit=0",
		"/datastores?limit=101", "/datastores?limit=x", "/datastores?cursor=x", "/datastores?limit=1&limit=2",
		"/datastores?a=b", "/secrets?includeDeleted=1",
		"/datastores?nameContains=%00", "/datastores?nameContains=%ff", "/datastores?%zz", at + "k?version=1",
		"/secrets?cursor=" + strings.Repeat("A", 9000)} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodDelete, http.MethodPost,
			http.MethodPut, http.MethodPatch, http.MethodOptions, "BREW"} {
			target, err := url.ParseRequestURI(path)
			testkit.Must(t, err)
			a := w.rest(admin, method, target.String(), "")
			if calls++; a.status < 400 || a.status >= 500 {
				t.Errorf("%s %.80s: %d %s", method, path, a.status, a.body)
			}
			if (a.status == http.StatusMethodNotAllowed) != (a.header.Get("Allow") != "") {
				t.Errorf("%s %.80s: %d allows %q", method, path, a.status, a.header.Get("Allow"))
			}
		}
	}
	w.rest(admin, http.MethodGet, "/datastores", "{}").want(t, http.StatusBadRequest, "BAD_REQUEST")
	w.rest(admin, http.MethodPost, "/datastores", `{"name": "z"}`, "Content-Encoding", "gzip").
		want(t, http.StatusUnsupportedMediaType, "BAD_REQUEST")
	w.rest(admin, http.MethodPost, "/datastores", `{"name": "z"}`, "X-API-Key", "p1_x").
		want(t, http.StatusUnauthorized, "UNAUTHENTICATED")
	t.Logf("%d calls", calls)
}

// TestREST_BodyCutOff_IsNotEchoed ends a body with a credential in it before it is whole.
func TestREST_BodyCutOff_IsNotEchoed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	value := w.canaries.add("cut-off")
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", w.address)
	testkit.Must(t, err)
	defer func() { _ = connection.Close() }()
	who := w.user("acme", authz.Admin)
	if _, err := fmt.Fprintf(connection, "POST /secrets HTTP/1.1\r\nHost: %s\r\n%s: %s\r\nContent-Length: "+
		"500\r\n\r\n{\"value\": \"%s", w.address, who.header, who.value, value); err != nil {
		t.Fatal(err)
	}
	if half, ok := connection.(*net.TCPConn); !ok || half.CloseWrite() != nil {
		t.Fatal("the connection cannot be closed by half")
	}
	_ = connection.SetReadDeadline(time.Now().Add(time.Minute))
	response, err := http.ReadResponse(bufio.NewReader(connection), nil)
	testkit.Must(t, err)
	defer func() { _ = response.Body.Close() }()
	said, _ := bufio.NewReader(response.Body).ReadString(0)
	if response.StatusCode != http.StatusBadRequest || strings.Contains(said, value) ||
		!strings.Contains(said, "BAD_REQUEST") {
		t.Errorf("got %d %s", response.StatusCode, said)
	}
}

// TestREST_FormsOfBrowsers_HaveNoEffect sends what a page elsewhere can send by itself: anything but a credential.
func TestREST_FormsOfBrowsers_HaveNoEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	for _, contentType := range []string{"text/plain", "application/x-www-form-urlencoded",
		"multipart/form-data; boundary=x", ""} {
		a := w.rest(credential{}, http.MethodPost, "/datastores", `{"name": "forged"}`, "Content-Type", contentType,
			"Origin", "https://evil.example", "Cookie", "session=1")
		a.want(t, http.StatusUnauthorized, "UNAUTHENTICATED")
		preflight := w.rest(credential{}, http.MethodOptions, "/datastores", "", "Origin", "https://evil.example",
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "x-api-key")
		if preflight.status != http.StatusForbidden || preflight.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("a preflight is answered with %d %v", preflight.status, preflight.header)
		}
		name := "by" + strings.NewReplacer("/", " ", ";", "", "=", "").Replace(contentType)
		w.rest(w.user("acme", authz.Admin), http.MethodPost, "/datastores", `{"name": "`+name+`"}`, "Content-Type",
			contentType).want(t, http.StatusCreated, "")
	}
}

// TestREST_AHundredDuplicatesAtOnce_HaveOneEffect sends each route that takes a key a hundred times at the same time.
func TestREST_AHundredDuplicatesAtOnce_HaveOneEffect(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	owned := w.own()
	admin := w.user("acme", authz.Admin)
	for _, row := range []struct{ path, body, other, same, action string }{
		{"/datastores", `{"name": "once"}`, `{"name": "twice"}`, "id", "datastore.created"},
		{"/datastores/" + owned["datastore"] + "/upload-url", `{"key": "a", "contentType": "a/b"}`,
			`{"key": "b", "contentType": "a/b"}`, "uploadId", "datastore.upload_url_created"},
		{"/secrets", `{"name": "once", "value": "` + w.canaries.add("rest") + `"}`, `{"name": "once", "value": "` +
			w.canaries.add("rest") + `"}`, "id", "secret.created"},
		{"/secrets/" + owned["secret"] + "/rotate", `{"value": {"a": "` + w.canaries.add("rest") + `"}}`,
			`{"value": {"a": "b"}}`, "version", "secret.rotated"},
	} {
		before, answers := w.recorded(row.action), make([]answer, duplicates)
		var all sync.WaitGroup
		for i := range answers {
			all.Go(func() {
				answers[i] = w.rest(admin, http.MethodPost, row.path, row.body,
					"Idempotency-Key", "key-1")
			})
		}
		all.Wait()
		for _, a := range answers {
			if a.status >= 300 || a.at(row.same) == nil || a.at(row.same) != answers[0].at(row.same) {
				t.Errorf("%s: %d %s", row.path, a.status, a.body)
			}
		}
		if n := w.recorded(row.action) - before; n != 1 {
			t.Errorf("%s: %d events of %s", row.path, n, row.action)
		}
		w.rest(admin, http.MethodPost, row.path, row.other, "Idempotency-Key", "key-1").
			want(t, http.StatusUnprocessableEntity, "IDEMPOTENCY_MISMATCH")
	}
}
