package playground

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func get(t *testing.T, path, accept string) *httptest.ResponseRecorder {
	t.Helper()
	handler, ok := Pages("", "")[path]
	if !ok {
		t.Fatalf("there is no page %s", path)
	}
	r := httptest.NewRequest(http.MethodGet, path, nil)
	if accept != "" {
		r.Header.Set("Accept-Encoding", accept)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

func TestPages_EveryAsset_HasATypeAndIsGzipWithoutATime(t *testing.T) {
	t.Parallel()
	for path := range Pages("", "") {
		packed, plain := get(t, path, "br, gzip"), get(t, path, "")
		if packed.Header().Get("Content-Type") == "" || packed.Header().Get("Content-Encoding") != "gzip" ||
			plain.Header().Get("Content-Encoding") != "" {
			t.Errorf("%s: got headers %v and %v", path, packed.Header(), plain.Header())
		}
		content := packed.Body.Bytes()
		if modified := binary.LittleEndian.Uint32(content[4:8]); modified != 0 {
			t.Errorf("%s was compressed at a time, %d: the next build will differ", path, modified)
		}
		reader, err := gzip.NewReader(bytes.NewReader(content))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		unpacked, err := io.ReadAll(reader)
		if err != nil || !bytes.Equal(unpacked, plain.Body.Bytes()) {
			t.Errorf("%s is something else unpacked: %v", path, err)
		}
	}
}

func TestPages_Page_HasItsPolicyAndIsKeptNowhere(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/playground", "/playground/"} {
		page := get(t, path, "")
		if got := page.Header().Get("Content-Security-Policy"); got != policy ||
			strings.Contains(got, "script-src 'self' 'unsafe") {
			t.Errorf("%s: got the policy %q", path, got)
		}
		if page.Header().Get("Cache-Control") != "no-store" || page.Header().
			Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: got headers %v", path, page.Header())
		}
	}
}

func TestPages_Assets_AreKeptForEverIfTheirNameChangesWithThem(t *testing.T) {
	t.Parallel()
	hashed := regexp.MustCompile(`-[A-Za-z0-9_-]{8}\.\w+$`)
	for path := range Pages("", "") {
		got := get(t, path, "").Header()
		if forever := strings.Contains(got.Get("Cache-Control"), "immutable"); forever != hashed.MatchString(path) {
			t.Errorf("%s: got Cache-Control %q", path, got.Get("Cache-Control"))
		}
		if got.Get("Content-Security-Policy") != "" && !slices.Contains([]string{"/playground", "/playground/"}, path) {
			t.Errorf("%s has the policy of the page", path)
		}
	}
}

// TestPages_Page_AsksForNothingElsewhere looks at what the page names; what its scripts ask for is watched in a
// browser, in e2e.
func TestPages_Page_AsksForNothingElsewhere(t *testing.T) {
	t.Parallel()
	html := get(t, "/playground", "").Body.String()
	references := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(html, -1)
	if len(references) < 3 {
		t.Fatalf("the page names %d files", len(references))
	}
	for _, reference := range references {
		if _, ok := Pages("", "")[reference[1]]; !ok {
			t.Errorf("the page names %s, which is not here", reference[1])
		}
	}
	if !strings.Contains(html, `name="data-api-endpoint" content="/graphql"`) ||
		regexp.MustCompile(`<script>|\son\w+=|\sstyle=`).MatchString(html) {
		t.Errorf("got the page %s", html)
	}
}

func TestPages_WithAClient_NameItAndItsIssuerWhichTheyMayAsk(t *testing.T) {
	t.Parallel()
	const issuer = "https://id.example:1/realms/a&b"
	w := httptest.NewRecorder()

	Pages(issuer, `my"client`)[Path].ServeHTTP(w, httptest.NewRequest(http.MethodGet, Path, nil))

	if !strings.Contains(w.Body.String(), `name="data-api-issuer" content="https://id.example:1/realms/a&amp;b"`) ||
		!strings.Contains(w.Body.String(), `name="data-api-client" content="my&#34;client"`) {
		t.Errorf("got the page %s", w.Body)
	}
	if got := w.Header().Get("Content-Security-Policy"); !strings.HasSuffix(got, "; connect-src 'self' https://id.example:1") {
		t.Errorf("got the policy %q", got)
	}
}

func TestTakesGzip_ByNameOrStar_UnlessItsWeightIsZero(t *testing.T) {
	t.Parallel()
	for accept, want := range map[string]bool{
		"":             false,
		"gzip":         true,
		"GZIP":         true,
		"br, gzip":     true,
		"x-gzip":       true,
		"gzip;q=0":     false,
		"gzip; q=0.5":  true,
		"gzip;q=0.000": false,
		"*":            true,
		"*;q=0":        false,
		"*, gzip;q=0":  false,
		"identity":     false,
		"gzip;q=x":     false,
		"br":           false,
	} {
		if got := takesGzip([]string{accept}); got != want {
			t.Errorf("%q: got %v", accept, got)
		}
	}
}
