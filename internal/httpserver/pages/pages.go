// Package pages has the pages for people: the playground, to try the API on, and the console. They are built from
// web/playground and web/console, and kept in the program.
package pages

import (
	"crypto/rand"
	"embed"
	"html"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// Where the pages are. Their assets are below.
const (
	PlaygroundPath = "/playground"
	ConsolePath    = "/console"
)

// assets are written by `make pages`: gzip, and all but the pages and the licences with a hash of their content in
// their names.
//
//go:embed all:assets
var assets embed.FS

// Peers are those that a page has to do with.
type Peers struct {
	// Issuer is the URL of who signs people in; Client is the client that the page is there. Without a client the
	// playground takes pasted credentials alone.
	Issuer, Client string
	// Storage is the URL of storage, which takes and gives files.
	Storage string
}

// These policies let a page run this server's scripts, and talk to this server; the origins of its peers come after
// them.
const (
	// The editor writes styles into its elements, which is what 'unsafe-inline' is for, and draws with images in data:
	// URLs.
	playgroundPolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
		"img-src 'self' data:; font-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; " +
		"frame-ancestors 'none'; connect-src 'self'"
	// The components bring styles along, which name the nonce. Images of files are blob: URLs.
	consolePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + noncePlace + "'; " +
		"img-src 'self' blob:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
		"connect-src 'self'"
)

// noncePlace stands in the page of the console and in its policy where each answer has a nonce of its own.
const noncePlace = "NONCE-OF-THIS-ANSWER"

// types are the media types by file name extension. Every asset has one of them.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".svg":  "image/svg+xml",
	".ttf":  "font/ttf",
	".md":   "text/plain; charset=utf-8",
}

// Playground returns the handlers of the playground by path, for GET and HEAD: the page, which asks for no credential,
// and its assets. There is nothing at any other path, and no list of these.
//
// Effects: none; no answer holds anything of its request.
func Playground(p Peers) map[string]http.Handler {
	page, all := site(PlaygroundPath, playgroundPolicy, p)
	all[PlaygroundPath], all[PlaygroundPath+"/"] = page, page
	return all
}

// Console returns the handlers of the console, as Playground does. The page is at every path below it that is no
// asset's: its own program says what is there. An asset of another release is not found: a script that gets a page says
// nothing of what is wrong.
func Console(p Peers) map[string]http.Handler {
	page, all := site(ConsolePath, consolePolicy, p)
	all[ConsolePath] = page
	all[ConsolePath+"/{path...}"] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if path.Dir(r.URL.Path) == ConsolePath && types[path.Ext(r.URL.Path)] != "" {
			http.NotFound(w, r)
			return
		}

		page.ServeHTTP(w, r)
	})
	return all
}

// site returns the page at a path, and the handlers of its assets by path.
func site(at, policy string, p Peers) (page http.Handler, all map[string]http.Handler) {
	all = map[string]http.Handler{}
	for name, content := range files(at) {
		if name == "index.html" {
			page = newDocument(content, policy, p)
			continue
		}

		all[at+"/"+name] = asset{types[path.Ext(name)], content, strings.Contains(name, "-")}
	}

	return page, all
}

// files are the compressed contents of a site by the names that they have unpacked.
func files(at string) map[string][]byte {
	all := map[string][]byte{}
	entries, err := assets.ReadDir("assets" + at)
	for _, entry := range entries {
		var content []byte
		if content, err = assets.ReadFile("assets" + at + "/" + entry.Name()); err != nil {
			break
		}

		all[strings.TrimSuffix(entry.Name(), ".gz")] = content
	}

	if err != nil {
		panic(err) // what is embedded can be read
	}

	return all
}

// document is a page, under its own policy.
type document struct{ html, policy string }

// newDocument writes into a page who signs people in.
func newDocument(compressed []byte, policy string, p Peers) document {
	var page strings.Builder
	unpack(&page, compressed)
	if p.Client != "" {
		policy += originOf(p.Issuer)
	}

	return document{
		html: strings.NewReplacer(
			`name="data-api-issuer" content="`, `name="data-api-issuer" content="`+html.EscapeString(p.Issuer),
			`name="data-api-client" content="`, `name="data-api-client" content="`+html.EscapeString(p.Client),
		).Replace(page.String()),
		policy: policy + originOf(p.Storage),
	}
}

// originOf is the origin of a URL as a policy takes it, after a space; a path in one would have to match to the letter.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}

	return " " + u.Scheme + "://" + u.Host
}

// ServeHTTP answers with the page. Nobody keeps it, so that going back to it brings no credential back.
func (d document) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	nonce := rand.Text()
	h := w.Header()
	h.Set("Content-Type", types[".html"])
	h.Set("Content-Security-Policy", strings.ReplaceAll(d.policy, noncePlace, nonce))
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(strings.ReplaceAll(d.html, noncePlace, nonce)))
}
