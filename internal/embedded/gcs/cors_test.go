package gcs_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestPreflight_AllowsWhatTheBucketAllows(t *testing.T) {
	t.Parallel()
	r := start(t)
	for name, row := range map[string]struct {
		origin, method, headers string
		allowed                 bool
	}{
		"as signed":     {origin, "PUT", "content-type, x-goog-if-generation-match", true},
		"no headers":    {origin, "PUT", "", true},
		"other origin":  {"https://evil.example", "PUT", "content-type", false},
		"other method":  {origin, "DELETE", "content-type", false},
		"other headers": {origin, "PUT", "content-type, x-goog-acl", false},
	} {
		a := r.do(r.request(http.MethodOptions, r.sign(http.MethodPut, "staging/a"), nil,
			"Origin", row.origin, "Access-Control-Request-Method", row.method, "Access-Control-Request-Headers",
			row.headers))
		got := a.header.Get("Access-Control-Allow-Origin") == row.origin
		if a.status != http.StatusOK || got != row.allowed ||
			row.allowed != (a.header.Get("Access-Control-Allow-Headers") != "") {
			t.Errorf("%s: answered %d with %v", name, a.status, a.header)
		}
	}
}

func TestAnswer_ToAnAllowedOrigin_ShowsItsHeaders(t *testing.T) {
	t.Parallel()
	r := start(t)
	req := r.put("staging/a", "content")
	req.Header.Set("Origin", origin)
	for _, status := range []int{http.StatusOK, http.StatusPreconditionFailed} {
		req.Body, _ = req.GetBody()
		a := r.do(req)
		if a.status != status || a.header.Get("Access-Control-Allow-Origin") != origin ||
			!strings.Contains(a.header.Get("Access-Control-Expose-Headers"), "x-goog-generation") {
			t.Errorf("answered %d with %v", a.status, a.header)
		}
	}
}
