package httpserver

import (
	"io"
	"net/http"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
)

func TestHandler_Pages_AreAnsweredToAnybodyAtTheirPathAlone(t *testing.T) {
	t.Parallel()
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", "of the page")
		_, _ = io.WriteString(w, "a page")
	})
	s := serve(t, Options{Pages: map[string]http.Handler{"/page": page, "/page/a.js": page, "/app/{path...}": page}})
	for _, path := range []string{"/page", "/page/a.js", "/app/", "/app/deep/below", "/app/a%2fb"} {
		got := s.do(t, s.request(t, http.MethodGet, path, ""))
		if got.StatusCode != http.StatusOK || got.text != "a page" ||
			got.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: got %d %q %v", path, got.StatusCode, got.text, got.Header)
		}
		if policies := got.Header.Values("Content-Security-Policy"); len(policies) != 1 ||
			policies[0] != "of the page" {
			t.Errorf("%s: got the policies %q", path, policies)
		}
		if got := s.do(t, s.request(t, http.MethodHead, path, "")); got.StatusCode != http.StatusOK || got.text != "" {
			t.Errorf("HEAD %s: got %d %q", path, got.StatusCode, got.text)
		}
		isRefusal(t, s.do(t, s.request(t, http.MethodPost, path, fine)), http.StatusMethodNotAllowed, fault.BadRequest)
	}
	for _, path := range []string{"/page/", "/page/b.js", "/page/../page", "/page/a.js/", "/page/%2e%2e/page", "/app", "/ap/x"} {
		isRefusal(t, s.do(t, s.request(t, http.MethodGet, path, "")), http.StatusNotFound, fault.BadRequest)
	}
	if s.ran.Load() != 0 {
		t.Errorf("%d requests reached GraphQL", s.ran.Load())
	}
}
