package e2e

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// documented are the lines of the product's documentation, exactly as they stand there, each with what follows the one
// before.
func documented(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	testkit.Must(t, err)
	return strings.Split(string(text), "\n\n")
}

// pasted runs lines in bash, as somebody does who has put in host, ids and credentials.
func (w *world) pasted(lines, dir string, words ...string) string {
	w.t.Helper()
	words = append(words, "https://api.provenanceone.ai", "http://"+w.address)
	shell := exec.CommandContext(w.t.Context(), "bash", "-eu")
	shell.Dir, shell.Stdin = dir, strings.NewReader(strings.NewReplacer(words...).Replace(lines))
	var complaints strings.Builder
	shell.Stderr = &complaints
	out, err := shell.Output()
	if err != nil {
		w.t.Fatalf("%v\n%s\n%s", err, out, complaints.String())
	}
	return string(out)
}

func TestREST_DocumentedUpload_PassesVerbatim(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	key := w.apiKey("acme", authz.DatastoresWrite)
	id := w.rest(key, http.MethodPost, "/datastores", `{"name": "reports"}`).want(t, http.StatusCreated, "").text("id")
	dir, content := t.TempDir(), "day,amount\n2026-05-01,12\n"
	testkit.Must(t, os.WriteFile(filepath.Join(dir, "report.csv"), []byte(content), 0o600))
	steps := documented(t, "upload.sh")
	if len(steps) != 2 {
		t.Fatalf("there are %d steps", len(steps))
	}
	var granted struct{ URL string }
	if err := json.Unmarshal([]byte(w.pasted(steps[0], dir, "{id}", id, "YOUR_KEY", key.value)),
		&granted); err != nil || granted.URL == "" {
		t.Fatalf("no URL was granted: %v", err)
	}
	if said := w.pasted(steps[1], dir, "PRESIGNED_URL", granted.URL); said != "" {
		t.Fatalf("storage says %s", said)
	}
	a := w.rest(key, http.MethodGet, "/datastores/"+id+"/objects/reports/2026-05-01.csv", "").want(t, http.StatusOK, "")
	if string(a.body) != content || a.header.Get("Content-Type") != "text/csv" {
		t.Errorf("it came down as %q, %v", a.body, a.header)
	}
}

func TestREST_DocumentedRotation_PassesVerbatim(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	admin := w.user("acme", authz.Admin)
	w.canaries.note("new-credential-value")
	id := w.rest(admin, http.MethodPost, "/secrets", `{"name": "stripe", "value": "`+w.canaries.add("rest")+
		`", "description": "payments"}`).want(t, http.StatusCreated, "").text("id")
	editor := w.token("acme", authz.Editor)
	said := w.pasted(documented(t, "rotate.sh")[0], t.TempDir(), "{id}", id, "YOUR_JWT", editor)
	if !strings.Contains(said, `"version":2`) || strings.Contains(said, "new-credential-value") {
		t.Errorf("it says %s", said)
	}
	a := w.rest(admin, http.MethodPost, "/secrets/"+id+"/reveal", "").want(t, http.StatusOK, "")
	if a.text("value") != "new-credential-value" || a.header.Get("Cache-Control") != "no-store" ||
		a.header.Get("Content-Encoding") != "" {
		t.Errorf("got %s %v", a.body, a.header)
	}
	for _, action := range []string{"secret.created", "secret.rotated", "secret.accessed"} {
		if n := w.recorded(action); n != 1 {
			t.Errorf("%d events of %s", n, action)
		}
	}
}

// TestREST_Troubleshooting_IsAsDocumented goes through that section of the documentation.
func TestREST_Troubleshooting_IsAsDocumented(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	owned := w.own()
	t.Run("upload-url returns 403", func(t *testing.T) {
		t.Parallel()
		body := `{"key": "reports/2026-05-01.csv", "contentType": "text/csv"}`
		path := "/datastores/" + owned["datastore"] + "/upload-url"
		a := w.rest(w.apiKey("acme", authz.DatastoresRead), http.MethodPost, path, body).
			want(t, http.StatusForbidden, "FORBIDDEN")
		if a.text("requiredScope") != "DATASTORES_WRITE" {
			t.Errorf("it does not say which scope: %s", a.body)
		}
		w.rest(w.user("acme", authz.Viewer), http.MethodPost, path, body).want(t, http.StatusForbidden, "FORBIDDEN")
		foreign := w.rest(w.apiKey("globex", authz.DatastoresWrite), http.MethodPost, path, body).
			want(t, http.StatusForbidden, "FORBIDDEN")
		unknown := w.rest(w.apiKey("globex", authz.DatastoresWrite), http.MethodPost,
			"/datastores/nope/upload-url", body)
		if foreign.unlikeOthers() != unknown.unlikeOthers() ||
			!strings.Contains(foreign.text("detail"), "must belong to your workspace") {
			t.Errorf("got %s and %s", foreign.body, unknown.body)
		}
	})
	t.Run("reveal is not available", func(t *testing.T) {
		t.Parallel()
		path := "/secrets/" + owned["secret"] + "/reveal"
		for _, who := range []credential{w.user("acme", authz.Editor), w.user("acme", authz.Viewer),
			w.apiKey("acme", authz.SecretsWrite, authz.SecretsList, authz.SecretsInject)} {
			w.rest(who, http.MethodPost, path, "").want(t, http.StatusForbidden, "FORBIDDEN")
		}
		for _, who := range []credential{w.user("acme", authz.Admin), w.apiKey("acme", authz.SecretsRead)} {
			if a := w.rest(who, http.MethodPost, path, `{"reason": "debugging"}`).
				want(t, http.StatusOK, ""); a.text("value") == "" {
				t.Errorf("there is no value: %d", a.status)
			}
		}
	})
	t.Run("object not found after upload", func(t *testing.T) {
		t.Parallel()
		viewer := w.user("acme", authz.Viewer)
		for key, status := range map[string]int{
			"k":   http.StatusOK,
			"/k":  http.StatusNotFound,
			"k/":  http.StatusNotFound,
			"K":   http.StatusNotFound,
			"a/k": http.StatusNotFound,
			"%6B": http.StatusOK,
		} {
			if a := w.rest(viewer, http.MethodGet, "/datastores/"+owned["datastore"]+"/objects/"+key,
				""); a.status != status {
				t.Errorf("%q: %d %s", key, a.status, a.body)
			}
		}
	})
	t.Run("secret ids are case-sensitive", func(t *testing.T) {
		t.Parallel()
		w.rest(w.user("acme", authz.Admin), http.MethodGet, "/secrets/"+strings.ToUpper(owned["secret"]), "").
			want(t, http.StatusNotFound, "NOT_FOUND")
	})
	t.Run("large files do not go through bodies", func(t *testing.T) {
		t.Parallel()
		a := w.rest(w.user("acme", authz.Editor), http.MethodPost, "/datastores", `{"name": "`+
			strings.Repeat("a", 1<<20)+`"}`)
		a.want(t, http.StatusRequestEntityTooLarge, "BAD_REQUEST")
		if !strings.Contains(a.text("detail"), "/upload-url") {
			t.Errorf("got %s", a.body)
		}
	})
}
