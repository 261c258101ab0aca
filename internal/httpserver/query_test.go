package httpserver

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
)

// get sends a query string to GraphQL as a member does.
func (s *site) get(t testing.TB, query string, headers ...string) reply {
	t.Helper()
	return s.do(t, s.request(t, http.MethodGet, "/graphql?"+query, "",
		append([]string{"Authorization", "Bearer good"}, headers...)...))
}

func TestQuery_GraphQLRequest_IsHandedOn(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_,
			_ = io.WriteString(w, r.URL.RawQuery)
	})})
	for _, query := range []string{
		"query={viewer{id}}", "query=%7Bviewer%7Bid%7D%7D&variables=%7B%7D&operationName=&extensions=null",
		"query=&variables=+%7B%22a%22%3A%22%F0%9F%98%80%22%7D",
		"query={a}&variables=" + url.QueryEscape(`{"a":`+strings.Repeat("[", 62)+strings.Repeat("]", 62)+`}`),
	} {
		got := s.get(t, query)
		if got.StatusCode != http.StatusOK || got.text != query || got.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: got %d %s %v", query, got.StatusCode, got.text, got.Header)
		}
	}
}

func TestQuery_AnythingElse_IsABadRequestWithoutEcho(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{})
	for name, query := range map[string]string{
		"nothing":           "",
		"no query":          "variables={}",
		"two queries":       "query={a}&query={hunter2}",
		"another":           "query={a}&hunter2=1",
		"capital":           "Query={hunter2}",
		"encoding":          "query=%zzhunter2",
		"semicolon":         "query={a};variables={hunter2}",
		"invalid UTF-8":     "query=hunter2%ff",
		"NUL":               "query=hunter2%00",
		"no object":         "query={a}&variables=[]",
		"text":              `query={a}&variables="hunter2"`,
		"no JSON":           "query={a}&variables=hunter2",
		"empty":             "query={a}&variables=",
		"blank":             "query={a}&extensions=+",
		"two objects":       "query={a}&variables={}{}",
		"number":            "query={a}&extensions=1",
		"NUL in a variable": `query={a}&variables={"a":"%5cu0000hunter2"}`,
		"lone surrogate":    `query={a}&variables={"a":"%5cud800hunter2"}`,
		"too deep": "query={a}&variables=" +
			url.QueryEscape(`{"a":`+strings.Repeat("[", 63)+strings.Repeat("]", 63)+`}`),
	} {
		got := s.get(t, query)
		isRefusal(t, got, http.StatusBadRequest, fault.BadRequest)
		if t.Failed() {
			t.Fatalf("%s: %s", name, got.text)
		}
	}
	isRefusal(t, s.do(t, s.request(t, http.MethodGet, "/graphql?query={a}", fine, "Authorization", "Bearer good")),
		http.StatusBadRequest, fault.BadRequest)
	if s.ran.Load() != 0 {
		t.Errorf("%d were run", s.ran.Load())
	}
}

func TestQuery_WithoutACredential_IsRefusedFirst(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{})
	for _, query := range []string{"query={a}", "hunter2", "query={a}&access_token=good"} {
		isRefusal(t, s.get(t, query, "Authorization", ""), http.StatusUnauthorized, fault.Unauthenticated)
	}
	isRefusal(t, s.get(t, "query={a}", "Accept", "text/html"), http.StatusNotAcceptable, fault.BadRequest)
	if s.ran.Load() != 0 {
		t.Errorf("%d were run", s.ran.Load())
	}
}

func TestQuery_IsInNoLog(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{GraphQL: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("hunter2") })})
	s.get(t, "query={hunter2}", "X-Request-Id", "one")
	s.get(t, "query={a};hunter2")
	s.get(t, "query={hunter2}", "Authorization", "Bearer bad")
	log := s.log.String()
	if strings.Contains(log, "hunter2") || !strings.Contains(log, `"method":"GET","route":"/graphql","status":500,`) {
		t.Errorf("logged %s", log)
	}
}

func TestQuery_LongerThanHeadersMayBe_IsRefused(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{})
	if got := s.get(t, "query="+
		strings.Repeat("a", 40<<10)); got.StatusCode != http.StatusRequestHeaderFieldsTooLarge || s.ran.Load() != 0 {
		t.Errorf("got %d", got.StatusCode)
	}
}
