package docs_test

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/docs"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
)

const repository = "https://github.com/provenanceone/data-api/blob/main/"

var (
	links    = regexp.MustCompile(`<a href="([^"]*)"`)
	anchors  = regexp.MustCompile(` id="([^"]*)"`)
	headings = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// pages are the served pages by path, as they arrive.
func pages(t *testing.T) map[string]*httptest.ResponseRecorder {
	t.Helper()
	handlers, err := docs.Pages()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]*httptest.ResponseRecorder{}
	for path, handler := range handlers {
		got[path] = httptest.NewRecorder()
		handler.ServeHTTP(got[path], httptest.NewRequest(http.MethodGet, path, nil))
	}
	return got
}

func TestPages_AreWhereTheProductsDocumentationPoints(t *testing.T) {
	t.Parallel()
	got := pages(t)
	if len(got) != 2 {
		t.Errorf("%d pages are served", len(got))
	}
	for path, title := range map[string]string{
		"/docs/security":          "Security",
		"/security/data-handling": "Data handling",
	} {
		page := got[path]
		if page == nil {
			t.Errorf("nothing is at %s", path)
			continue
		}
		text := page.Body.String()
		if page.Header().Get("Content-Type") != "text/html; charset=utf-8" ||
			!strings.Contains(text, ">"+title+"</h1>") ||
			!strings.Contains(text, "<table>") {
			t.Errorf("%s: got %v %s", path, page.Header(), text)
		}
	}
}

// TestPages_Policy_AllowsTheirStyleAndNothingElse computes the hash as a browser does.
func TestPages_Policy_AllowsTheirStyleAndNothingElse(t *testing.T) {
	t.Parallel()
	for path, page := range pages(t) {
		_, style, _ := strings.Cut(page.Body.String(), "<style>")
		style, _, found := strings.Cut(style, "</style>")
		sum := sha256.Sum256([]byte(style))
		want := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"
		policy := page.Header().Get("Content-Security-Policy")
		if !found || len(style) < 1000 || !strings.HasPrefix(policy, want) {
			t.Errorf("%s: got %s, want %s", path, policy, want)
		}
		for _, loads := range []string{"<script", "<img", "<link", " style=", "http-equiv"} {
			if strings.Contains(page.Body.String(), loads) {
				t.Errorf("%s has %s", path, loads)
			}
		}
	}
}

// TestPages_Links_Lead somewhere: to a heading of a page, or to a file of the repository.
func TestPages_Links_Lead(t *testing.T) {
	t.Parallel()
	got, ours := pages(t), 0
	for path, page := range got {
		for _, match := range links.FindAllStringSubmatch(page.Body.String(), -1) {
			to, fragment, _ := strings.Cut(html.UnescapeString(match[1]), "#")
			if file, ok := strings.CutPrefix(to, repository); ok {
				ours++
				checkFile(t, path, filepath.Join("..", filepath.FromSlash(file)), fragment)
				continue
			}
			if to == "" {
				to = path
			}
			target := got[to]
			if target == nil {
				t.Errorf("%s leads to %s", path, match[1])
				continue
			}
			if fragment != "" && !strings.Contains(target.Body.String(), ` id="`+fragment+`"`) {
				t.Errorf("%s leads to %s, which is no heading", path, match[1])
			}
		}
	}
	if ours < 20 {
		t.Errorf("only %d links lead to files", ours)
	}
}

func checkFile(t *testing.T, page, file, fragment string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Errorf("%s: %v", page, err)
	}
	if fragment == "" {
		return
	}
	for _, heading := range headings.FindAllStringSubmatch(string(content), -1) {
		if strings.ReplaceAll(strings.ToLower(heading[1]), " ", "-") == fragment {
			return
		}
	}
	t.Errorf("%s leads to %s#%s, which is no heading", page, file, fragment)
}

// TestPages_Headings_HaveNamesOfTheirOwn lets each be linked to.
func TestPages_Headings_HaveNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	for path, page := range pages(t) {
		seen := map[string]bool{}
		for _, match := range anchors.FindAllStringSubmatch(page.Body.String(), -1) {
			if seen[match[1]] {
				t.Errorf("%s has two of %s", path, match[1])
			}
			seen[match[1]] = true
		}
		if len(seen) < 5 {
			t.Errorf("%s has the headings %v", path, seen)
		}
	}
}

// TestDataHandling_Times_AreThoseOfTheCode holds what the page says against the constants.
func TestDataHandling_Times_AreThoseOfTheCode(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("data-handling.md")
	if err != nil {
		t.Fatal(err)
	}
	const day = 24 * time.Hour
	kept := secret.DefaultRetention()
	for _, test := range []struct {
		is, says time.Duration
		row      string
	}{
		{kept.Versions, 30 * day, "| A replaced version of a secret | 30 days "},
		{kept.Deleted, 30 * day, "| A deleted secret, all its versions and its name | 30 days "},
		{secret.ReservedFor, time.Hour, "| The name of a secret whose value never came | 1 hour |"},
		{run.MinLease, time.Minute, "| A lease | its own time, 1 minute to "},
		{run.MaxLease, day, "| A lease | its own time, 1 minute to 24 hours "},
		{idempotency.KeptFor, day, "| An idempotency key | 24 hours;"},
		{reconcile.QuarantineFor, day, "no row knows | a day after"},
		{object.MaxURLAge, day, "| Signed URLs | 15 minutes by default, 24 hours at most;"},
	} {
		if test.is != test.says || !strings.Contains(string(text), test.row) {
			t.Errorf("the code has %v, the page should say %q", test.is, test.row)
		}
	}
}
