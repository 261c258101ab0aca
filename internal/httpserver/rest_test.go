package httpserver

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// plainREST has things at /things, whose refusals are plain text.
func plainREST(answer http.HandlerFunc) REST {
	return REST{
		Find: func(r *http.Request) (Endpoint, bool) {
			at := Endpoint{Route: "/things/{id}", Methods: []string{http.MethodPost}, Handler: answer, TakesBody: true}
			switch r.URL.Path {
			case "/public":
				at.Public, at.TakesBody, at.Methods = true, false, []string{http.MethodGet}
			case "/slow":
				at.Streams = true
			}
			return at, r.URL.Path != "/nothing"
		},
		Refuse: func(w http.ResponseWriter, r *http.Request, status int, f *fault.Error) {
			w.WriteHeader(status)
			_, _ = fmt.Fprintf(w, "%s for %s: %s", f.Kind, RequestID(r.Context()), f.Say)
		},
		LargeBodies: "Send it elsewhere.",
	}
}

func echo(w http.ResponseWriter, r *http.Request) {
	text, _ := io.ReadAll(r.Body)
	_, _ = fmt.Fprintf(w, "%s says %s", authz.ActorFrom(r.Context()).Label, text)
}

func (s *site) sendREST(t testing.TB, method, path, body string, headers ...string) reply {
	t.Helper()
	return s.do(t, s.request(t, method, path, body, append([]string{"Authorization", "Bearer good"}, headers...)...))
}

func TestREST_Body_IsReadWhateverItsMediaType(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{REST: plainREST(echo)})
	for _, mediaType := range []string{"", "application/json", "application/x-www-form-urlencoded", "text/plain",
		"nonsense"} {
		got := s.sendREST(t, http.MethodPost, "/things/1", ` {"a": 1} `, "Content-Type", mediaType)
		if got.StatusCode != http.StatusOK || got.text != `ada@example.com says {"a": 1}` {
			t.Errorf("%q: %d %s", mediaType, got.StatusCode, got.text)
		}
	}
	if got := s.sendREST(t, http.MethodPost, "/things/1", ""); got.text != "ada@example.com says " {
		t.Errorf("no body: %d %s", got.StatusCode, got.text)
	}
}

func TestREST_Refusals_AreInItsOwnWords(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{REST: plainREST(echo), Limits: Limits{BodyBytes: 20, JSONDepth: 3}})
	for _, row := range []struct {
		method, path, body string
		headers            []string
		status             int
		says               string
	}{
		{"POST", "/things/1", `{"a": "hunter2"`, nil, 400, "one valid JSON object"},
		{"POST", "/things/1", `{} {}`, nil, 400, "nothing before or after"},
		{"POST", "/things/1", `[[[[1]]]]`, nil, 400, "nested at most 3"},
		{"POST", "/things/1", `{"a":"\u0000"}`, nil, 400, "U+0000"},
		{"POST", "/things/1", strings.Repeat("a", 21), nil, 413, "20 bytes. Send it elsewhere."},
		{"POST", "/things/1", `{}`, []string{"Content-Encoding", "gzip"}, 415, "compressed"},
		{"POST", "/things/1", `{}`, []string{"Authorization", "Bearer bad"}, 401, "not valid"},
		{"GET", "/things/1", ``, nil, 405, "must be POST"},
		{"POST", "/nothing", ``, nil, 404, "nothing at this path"},
		{"GET", "/public", `{}`, nil, 400, "no body"},
		{"POST", "/things/1", `{}`, []string{"Host", "evil.example"}, 200, ""},
	} {
		got := s.sendREST(t, row.method, row.path, row.body, row.headers...)
		if got.StatusCode != row.status || !strings.Contains(got.text, row.says) ||
			strings.Contains(got.text, "hunter2") || got.code() != nil {
			t.Errorf("%s %s %q: %d %s", row.method, row.path, row.body, got.StatusCode, got.text)
		}
		if row.status >= 400 && !strings.Contains(got.text, got.Header.Get("X-Request-Id")) {
			t.Errorf("%s %s: it names no request: %s", row.method, row.path, got.text)
		}
	}
	isRefusal(t, s.post(t, `{`), http.StatusBadRequest, fault.BadRequest) // GraphQL goes on speaking as it does
	isRefusal(t, s.do(t, s.request(t, http.MethodDelete, "/healthz", "")), http.StatusMethodNotAllowed,
		fault.BadRequest)
}

func TestREST_PublicEndpoint_NeedsNoCredential(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{REST: plainREST(echo)})
	if got := s.do(t, s.request(t, http.MethodGet, "/public", "")); got.StatusCode != http.StatusOK {
		t.Errorf("got %d %s", got.StatusCode, got.text)
	}
	if got := s.do(t, s.request(t, http.MethodPost, "/things/1", "{}")); got.StatusCode != http.StatusUnauthorized ||
		got.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("got %d %v", got.StatusCode, got.Header)
	}
}

func TestREST_Time_IsBoundedUnlessItStreams(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{
		REST: plainREST(func(w http.ResponseWriter, r *http.Request) {
			_, bounded := r.Context().Deadline()
			_, _ = fmt.Fprint(w, bounded)
		}),
		Limits: Limits{Request: time.Minute},
	})
	for path, want := range map[string]string{"/things/1": "true", "/slow": "false"} {
		if got := s.sendREST(t, http.MethodPost, path, ""); got.text != want {
			t.Errorf("%s: bounded is %s", path, got.text)
		}
	}
}

func TestREST_Log_HasThePatternAndNoPath(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{REST: plainREST(echo)})
	s.sendREST(t, http.MethodPost, "/things/hunter2?key=hunter2", `{"a":"hunter2"}`)
	if log := s.log.String(); !strings.Contains(log, `"route":"/things/{id}"`) || strings.Contains(log, "hunter2") {
		t.Errorf("the log is %s", log)
	}
}
