package httpserver

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

const app = "https://app.example"

// preflight asks, as a browser does, whether a page may send a request.
func (s *site) preflight(t testing.TB, path, origin, method, headers string) reply {
	t.Helper()
	return s.do(t, s.request(t, http.MethodOptions, path, "", "Origin", origin,
		"Access-Control-Request-Method", method, "Access-Control-Request-Headers", headers))
}

// grants reports which page may read an answer: empty for none.
func (r reply) grants() string { return r.Header.Get("Access-Control-Allow-Origin") }

func varies(r reply) bool {
	return slices.ContainsFunc(strings.Split(strings.Join(r.Header.Values("Vary"), ","), ","), func(name string) bool {
		return strings.TrimSpace(name) == "Origin"
	})
}

func TestPreflight_OfAnAllowedOrigin_ReflectsMethodAndHeaderNames(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Origins: []string{app}, REST: plainREST(echo)})

	for _, path := range []string{"/graphql", "/things/7", "/nowhere", "/graphql?query={a}"} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete} {
			asked := "apollographql-client-name,authorization,content-type,traceparent,x-request-id,x-workspace-id"
			got := s.preflight(t, path, app, method, asked)

			if got.StatusCode != http.StatusNoContent || got.grants() != app || got.text != "" || !varies(got) {
				t.Errorf("%s %s: got %d %q %v", method, path, got.StatusCode, got.text, got.Header)
			}
			if h := got.Header; h.Get("Access-Control-Allow-Methods") != method ||
				h.Get("Access-Control-Allow-Headers") != asked ||
				h.Get("Access-Control-Max-Age") != "7200" || h.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s: got %v", method, path, h)
			}
		}
	}

	if s.ran.Load() != 0 {
		t.Errorf("%d preflights reached GraphQL", s.ran.Load())
	}
}

func TestPreflight_OfAnyOtherOrigin_GrantsNothing(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Origins: []string{app, "http://localhost:*"}})

	for _, test := range []struct{ origin, method, headers string }{
		{"https://evil.example", "POST", "authorization"},
		{"https://app.example.evil.example", "POST", "authorization"},
		{"https://app.example:444", "POST", "authorization"},
		{"http://app.example", "POST", "authorization"},
		{"https://APP.example", "POST", "authorization"},
		{"http://localhost.evil.example:80", "POST", "authorization"},
		{"http://localhost:x", "POST", "authorization"},
		{"http://localhost:1@evil.example", "POST", "authorization"},
		{"https://localhost:1", "POST", "authorization"},
		{"null", "POST", "authorization"},
		{"", "POST", "authorization"},
		{app + ", " + app, "POST", "authorization"},
		{app, "PUT", "authorization"},
		{app, "TRACE", ""},
		{app, "POST", "x-a\tb"},
		{app, "POST", "x:1"},
		{app, "POST", "authorization, x y"},
	} {
		got := s.preflight(t, "/graphql", test.origin, test.method, test.headers)

		for name := range got.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%+v: got %s", test, name)
			}
		}
		if !varies(got) {
			t.Errorf("%+v: got %v", test, got.Header)
		}
		isRefusal(t, got, http.StatusForbidden, fault.Forbidden)
	}
}

func TestPreflight_OriginTwice_GrantsNothing(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Origins: []string{app}})

	r := s.request(t, http.MethodOptions, "/graphql", "", "Access-Control-Request-Method", "POST")
	r.Header["Origin"] = []string{app, "https://evil.example"}

	if got := s.do(t, r); got.grants() != "" {
		t.Errorf("got %v", got.Header)
	}
}

func TestOptions_ThatIsNoPreflight_IsRefusedWithTheMethods(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Origins: []string{app}})

	got := s.do(t, s.request(t, http.MethodOptions, "/graphql", "", "Origin", app))

	isRefusal(t, got, http.StatusMethodNotAllowed, fault.BadRequest)
	if got.Header.Get("Allow") != "GET, POST" {
		t.Errorf("got %v", got.Header)
	}
}

// TestAnswer_ToAnAllowedOrigin_CanBeRead looks at every kind of answer: a page must see the code of an error, not
// "Failed to fetch".
func TestAnswer_ToAnAllowedOrigin_CanBeRead(t *testing.T) {
	t.Parallel()
	away := func(context.Context, http.Header, authz.Origin) (authz.Actor, error) {
		return authz.Actor{}, fault.New(fault.Unavailable, "The issuer does not answer.")
	}
	barred := func(context.Context, http.Header, authz.Origin) (authz.Actor, error) {
		return authz.Actor{}, fault.New(fault.Forbidden, "The workspace is not the key's.")
	}
	panics := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a fault of the server") })
	origins := []string{app}
	s := serve(t, Options{Origins: origins, Limits: Limits{FailedCredentials: 1}})
	post := func(s *site, headers ...string) reply {
		return s.post(t, fine, append([]string{"Origin", app}, headers...)...)
	}

	for name, test := range map[string]struct {
		got    reply
		status int
	}{
		"answer":     {post(s), http.StatusOK},
		"media type": {post(s, "Content-Type", "text/plain"), http.StatusUnsupportedMediaType},
		"no path":    {s.do(t, s.request(t, http.MethodGet, "/nowhere", "", "Origin", app)), http.StatusNotFound},
		"health":     {s.do(t, s.request(t, http.MethodGet, "/healthz", "", "Origin", app)), http.StatusOK},
		"forbidden":  {post(serve(t, Options{Origins: origins, Authenticate: barred})), http.StatusForbidden},
		"outage":     {post(serve(t, Options{Origins: origins, Authenticate: away})), http.StatusServiceUnavailable},
		"panic":      {post(serve(t, Options{Origins: origins, GraphQL: panics})), http.StatusInternalServerError},
	} {
		readable(t, name, test.got, test.status)
	}

	readable(t, "bad credential", post(s, "Authorization", "Bearer bad"), http.StatusUnauthorized)
	locked := post(s, "Authorization", "Bearer bad")
	readable(t, "locked out", locked, http.StatusTooManyRequests)
	if locked.Header.Get("Retry-After") == "" {
		t.Error("got no Retry-After")
	}
}

func readable(t *testing.T, name string, got reply, status int) {
	t.Helper()
	exposed := strings.Split(got.Header.Get("Access-Control-Expose-Headers"), ", ")

	if got.StatusCode != status || got.grants() != app || !varies(got) ||
		got.Header.Get("Access-Control-Allow-Credentials") != "" {
		t.Errorf("%s: got %d %v", name, got.StatusCode, got.Header)
	}
	for _, header := range []string{
		"X-Request-Id", "Retry-After", "Etag", "Location", "Content-Range", "Accept-Ranges", "Content-Disposition",
		"Allow", "Www-Authenticate", "Ratelimit", "Ratelimit-Policy",
	} {
		if !slices.Contains(exposed, header) {
			t.Errorf("%s: %s is not exposed, but %q", name, header, exposed)
		}
	}
}

func TestAnswer_ToAnyOtherOrigin_CannotBeRead(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Origins: []string{app}})

	for _, origin := range []string{"", "null", "https://evil.example"} {
		if got := s.post(t, fine, "Origin", origin); got.grants() != "" || !varies(got) {
			t.Errorf("%q: got %v", origin, got.Header)
		}
	}
}

func TestOrigins_OfAnyPort_AreThoseOfThatHostAlone(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Origins: []string{"http://localhost:*", "http://127.0.0.1:*"}})

	for origin, want := range map[string]bool{
		"http://localhost":       true,
		"http://localhost:5173":  true,
		"http://127.0.0.1:1":     true,
		"http://localhost:65535": true,
		"http://localhost:*":     false,
		"http://localhost:":      false,
		"http://localhost:80:80": false,
		"http://127.0.0.2:1":     false,
		"https://127.0.0.1:1":    false,
	} {
		got := s.post(t, fine, "Origin", origin).grants()
		if want && got != origin || !want && got != "" {
			t.Errorf("%s: got %q", origin, got)
		}
	}
}

// TestAnswer_ToAPage_SaysWhosePageItIs holds that the origin reaches the nouns only where it is allowed.
func TestAnswer_ToAPage_SaysWhosePageItIs(t *testing.T) {
	t.Parallel()
	seen := make(chan string, 1)
	knowing := func(_ context.Context, _ http.Header, from authz.Origin) (authz.Actor, error) {
		seen <- from.Page
		return authz.Actor{From: from}, nil
	}
	s := serve(t, Options{Origins: []string{app}, Authenticate: knowing})

	for origin, want := range map[string]string{app: app, "https://evil.example": "", "null": "", "": ""} {
		s.post(t, fine, "Origin", origin)
		if got := <-seen; got != want {
			t.Errorf("%q: got %q", origin, got)
		}
	}
}
