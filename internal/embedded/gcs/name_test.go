package gcs_test

import (
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
)

func TestName_HoweverOdd_IsKeptExactly(t *testing.T) {
	t.Parallel()
	r := start(t)
	names := []string{
		"../../../../tmp/outside", "../x", "a/../b", "a/./b", "/leading", "trailing/", "a//b", "a+b c", "100%",
		"a%2Fb", "?q#f",
		"ü/空/🙂", "C:\\x", "~", "...", "a\x00b", strings.Repeat("n", 1024),
	}
	for _, name := range names {
		r.write(name, name)
	}
	for _, name := range names {
		a := r.do(r.request(http.MethodGet, r.sign(http.MethodGet, name), nil))
		if r.read(name) != name || a.status != http.StatusOK || a.body != name {
			t.Errorf("%q reads back as %q, signed as %d %q", name, r.read(name), a.status, a.body)
		}
	}
	if listed := strings.Fields(r.listed(nil, 5)); len(listed) < len(names) {
		t.Errorf("listed are %d of %d names", len(listed), len(names))
	}
	entries, err := os.ReadDir(r.dir)
	r.must(err)
	if len(entries) != 2 {
		t.Errorf("the state directory holds %v, want the rows and the blobs", entries)
	}
}

func TestName_AgainstTheRules_IsRefused(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, name := range []string{strings.Repeat("n", 1025), ".", "..", "a\nb", "a\rb", "\xff"} {
		target := r.server.URL() + "/" + bucket + "/" + url.PathEscape(name)
		a := r.do(r.request(http.MethodPut, target, strings.NewReader("content"), "Authorization", "Bearer "+token))
		a.want(t, http.StatusBadRequest, "InvalidObjectName")
		query := url.Values{"uploadType": {"media"}, "name": {name}}
		a = r.do(r.request(http.MethodPost, r.server.URL()+"/upload/storage/v1/b/"+bucket+"/o?"+query.Encode(),
			strings.NewReader("content"),
			"Authorization", "Bearer "+token))
		a.want(t, http.StatusBadRequest, "")
	}
}
