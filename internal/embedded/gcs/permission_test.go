package gcs_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/embedded/gcs"
)

func TestPermissions_OfTheBearer_AreAnsweredAndHeld(t *testing.T) {
	t.Parallel()
	r := &rig{t: t, http: http.DefaultClient}
	var err error
	r.server, err = gcs.Start(t.Context(), gcs.Options{
		Dir:         t.TempDir(),
		Bearer:      token,
		Permissions: []string{"storage.buckets.create", "storage.objects.list"},
	})
	r.must(err)
	t.Cleanup(func() { r.must(r.server.Close()) })
	ask := func(method, path, body string) answer {
		return r.do(r.request(method, r.server.URL()+path, strings.NewReader(body), "Authorization", "Bearer "+token))
	}
	if a := ask(http.MethodPost, "/storage/v1/b", `{"name": "`+bucket+`"}`); a.status != http.StatusOK {
		t.Fatalf("creating the bucket: %d %s", a.status, a.body)
	}
	const which = "/iam/testPermissions?permissions=storage.objects.list&permissions=storage.objects.delete"
	if a := ask(http.MethodGet, "/storage/v1/b/"+bucket+which, ""); a.status != http.StatusOK ||
		!strings.Contains(a.body, `["storage.objects.list"]`) {
		t.Errorf("answered %d %s", a.status, a.body)
	}
	if a := ask(http.MethodGet, "/storage/v1/b/elsewhere"+which, ""); a.status != http.StatusNotFound {
		t.Errorf("of a bucket that is not there it answered %d", a.status)
	}
	for path, want := range map[string]int{"": http.StatusForbidden, "/o": http.StatusOK, "/o/a": http.StatusForbidden} {
		if a := ask(http.MethodGet, "/storage/v1/b/"+bucket+path, ""); a.status != want {
			t.Errorf("GET %s: %d, want %d", path, a.status, want)
		}
	}
	if a := ask(http.MethodPost, "/upload/storage/v1/b/"+bucket+"/o?uploadType=media&name=a", "x"); a.status != http.StatusForbidden {
		t.Errorf("an upload: %d", a.status)
	}
}
