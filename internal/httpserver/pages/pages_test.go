package pages

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

// all are the pages and assets of both sites.
func all() map[string]http.Handler {
	both := Console(Peers{})
	maps.Copy(both, Playground(Peers{}))
	return both
}

func get(t *testing.T, path, accept string) *httptest.ResponseRecorder {
	t.Helper()
	handler, ok := all()[path]
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
	for path, handler := range all() {
		if _, ok := handler.(asset); !ok {
			continue
		}
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

// documents are the paths of the pages themselves, with the policy of each.
var documents = map[string]string{
	"/playground": playgroundPolicy, "/playground/": playgroundPolicy,
	"/console": consolePolicy, "/console/{path...}": consolePolicy,
}

func TestPages_Page_HasItsPolicyAndIsKeptNowhere(t *testing.T) {
	t.Parallel()
	for path, policy := range documents {
		page := get(t, path, "gzip")
		got := page.Header().Get("Content-Security-Policy")
		nonce := regexp.MustCompile(`'nonce-(\w{26})'`).FindStringSubmatch(got)
		if nonce != nil {
			got = strings.Replace(got, nonce[1], noncePlace, 1)
		}
		if got != policy || strings.Contains(got, "script-src 'self' 'unsafe") {
			t.Errorf("%s: got the policy %q", path, got)
		}
		if page.Header().Get("Cache-Control") != "no-store" || page.Header().
			Get("Content-Type") != "text/html; charset=utf-8" {
			t.Errorf("%s: got headers %v", path, page.Header())
		}
	}
}

func TestConsole_EveryAnswer_HasANonceOfItsOwnInPageAndPolicy(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 100 {
		page := get(t, ConsolePath, "")
		nonce := regexp.MustCompile(`name="data-api-nonce" content="(\w{26})"`).FindStringSubmatch(page.Body.String())
		if nonce == nil || !strings.Contains(page.Header().Get("Content-Security-Policy"),
			"style-src 'self' 'nonce-"+nonce[1]+"';") || seen[nonce[1]] {
			t.Fatalf("got %q under %q", nonce, page.Header().Get("Content-Security-Policy"))
		}
		seen[nonce[1]] = true
	}
}

// TestConsole_AnAssetOfAnotherRelease_IsNotFound is for pages that are open while a new release starts.
func TestConsole_AnAssetOfAnotherRelease_IsNotFound(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]int{
		"/console/index-AbCdEf12.js":   http.StatusNotFound,
		"/console/index-AbCdEf12.css":  http.StatusNotFound,
		"/console/w/x/datastores":      http.StatusOK,
		"/console/w/x/datastores/a.js": http.StatusOK,
		"/console/nothing":             http.StatusOK,
	} {
		w := httptest.NewRecorder()
		all()[ConsolePath+"/{path...}"].ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != want {
			t.Errorf("%s: got %d, want %d", path, w.Code, want)
		}
	}
}

func TestPages_Assets_AreKeptForEverIfTheirNameChangesWithThem(t *testing.T) {
	t.Parallel()
	hashed := regexp.MustCompile(`-[A-Za-z0-9_-]{8}\.\w+$`)
	for path := range all() {
		got := get(t, path, "").Header()
		if forever := strings.Contains(got.Get("Cache-Control"), "immutable"); forever != hashed.MatchString(path) {
			t.Errorf("%s: got Cache-Control %q", path, got.Get("Cache-Control"))
		}
		if got.Get("Content-Security-Policy") != "" && documents[path] == "" {
			t.Errorf("%s has the policy of the page", path)
		}
	}
}

// TestPages_Page_AsksForNothingElsewhere looks at what the pages name; what their scripts ask for is watched in a
// browser, in e2e.
func TestPages_Page_AsksForNothingElsewhere(t *testing.T) {
	t.Parallel()
	for path := range documents {
		html := get(t, path, "").Body.String()
		references := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(html, -1)
		if len(references) < 3 {
			t.Fatalf("%s names %d files", path, len(references))
		}
		for _, reference := range references {
			if _, ok := all()[reference[1]]; !ok {
				t.Errorf("%s names %s, which is not here", path, reference[1])
			}
		}
		if !strings.Contains(html, `name="data-api-issuer" content=""`) ||
			regexp.MustCompile(`<script>|\son\w+=|\sstyle=`).MatchString(html) {
			t.Errorf("%s: got the page %s", path, html)
		}
	}
}

func TestPages_WithAClient_NameItAndThePeersWhichTheyMayAsk(t *testing.T) {
	t.Parallel()
	peers := Peers{"https://id.example:1/realms/a&b", `my"client`, "http://127.0.0.1:9/b"}
	for path, site := range map[string]map[string]http.Handler{
		PlaygroundPath: Playground(peers), ConsolePath: Console(peers),
	} {
		w := httptest.NewRecorder()
		site[path].ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))

		if !strings.Contains(w.Body.String(), `name="data-api-issuer" content="https://id.example:1/realms/a&amp;b"`) ||
			!strings.Contains(w.Body.String(), `name="data-api-client" content="my&#34;client"`) {
			t.Errorf("%s: got the page %s", path, w.Body)
		}
		if got := w.Header().Get("Content-Security-Policy"); !strings.HasSuffix(got,
			"; connect-src 'self' https://id.example:1 http://127.0.0.1:9") {
			t.Errorf("%s: got the policy %q", path, got)
		}
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
