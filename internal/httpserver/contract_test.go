package httpserver

import (
	"net/http"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
)

func TestContract_IsServedToWhoHasACredential(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Contract: []byte("type Query { a: Int }")})
	isRefusal(t, s.do(t, s.request(t, http.MethodGet, "/schema.graphql", "")), http.StatusUnauthorized,
		fault.Unauthenticated)
	isRefusal(t, s.do(t, s.request(t, http.MethodPost, "/schema.graphql", fine)), http.StatusMethodNotAllowed,
		fault.BadRequest)
	get := func(method, body string, headers ...string) reply {
		return s.do(t, s.request(t, method, "/schema.graphql", body,
			append([]string{"Authorization", "Bearer good"}, headers...)...))
	}
	isRefusal(t, get(http.MethodGet, "{}"), http.StatusBadRequest, fault.BadRequest)
	got := get(http.MethodGet, "")
	tag := got.Header.Get("ETag")
	if got.StatusCode != http.StatusOK || got.text != "type Query { a: Int }" || len(tag) < 10 ||
		got.Header.Get("Cache-Control") != "private, no-cache" {
		t.Fatalf("got %d %q %v", got.StatusCode, got.text, got.Header)
	}
	if again := get(http.MethodGet, "", "If-None-Match", tag); again.StatusCode != http.StatusNotModified ||
		again.text != "" {
		t.Errorf("the same again: %d %q", again.StatusCode, again.text)
	}
	if head := get(http.MethodHead, ""); head.StatusCode != http.StatusOK || head.text != "" ||
		head.Header.Get("ETag") != tag {
		t.Errorf("HEAD: %d %q %v", head.StatusCode, head.text, head.Header)
	}
}

func TestContract_None_IsNothingAtThisPath(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{})
	isRefusal(t, s.do(t, s.request(t, http.MethodGet, "/schema.graphql", "")), http.StatusNotFound, fault.BadRequest)
}
