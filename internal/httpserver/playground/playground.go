// Package playground is a page to try the API on: GraphiQL and everything that it needs, built from console/playground
// and kept in the program.
package playground

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Path is where the page is. Its assets are below it.
const Path = "/playground"

// assets are written by `make playground`: gzip, and all but the page and the licences with a hash of their content in
// their names.
//
//go:embed all:assets
var assets embed.FS

// policy lets the page run this server's scripts and workers and talk to this server, and nothing else. The editor
// writes styles into its elements, which is what 'unsafe-inline' is for, and draws with images in data: URLs.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self'; " +
	"worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'"

// demoMeta is where the page looks for the URL of a demo user's token.
const demoMeta = `name="data-api-demo-token" content="`

// types are the media types by file name extension. Every asset has one of them.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".svg":  "image/svg+xml",
	".ttf":  "font/ttf",
	".md":   "text/plain; charset=utf-8",
}

// Pages returns the handlers of the playground by path, for GET and HEAD: the page, which asks for no credential, and
// its assets. There is nothing at any other path, and no list of these. The page may ask for a demo user's token at
// demoToken, a URL; empty for none.
//
// Effects: none; no answer holds anything of its request.
func Pages(demoToken string) map[string]http.Handler {
	pages := map[string]http.Handler{}
	for name, content := range files() {
		a := asset{mediaType: types[path.Ext(name)], compressed: content, kept: strings.Contains(name, "-")}
		if name == "index.html" {
			if demoToken != "" {
				a.compressed = offering(content, demoToken)
			}

			pages[Path], pages[Path+"/"] = page(a, demoToken), page(a, demoToken)
			continue
		}

		pages[Path+"/"+name] = a
	}

	return pages
}

// files are the compressed contents by the names that they have unpacked.
func files() map[string][]byte {
	all := map[string][]byte{}
	entries, err := assets.ReadDir("assets")
	for _, entry := range entries {
		var content []byte
		if content, err = assets.ReadFile("assets/" + entry.Name()); err != nil {
			break
		}

		all[strings.TrimSuffix(entry.Name(), ".gz")] = content
	}

	if err != nil {
		panic(err) // what is embedded can be read
	}

	return all
}

// offering writes the URL of a demo user's token into the page.
func offering(compressed []byte, demoToken string) []byte {
	html := new(bytes.Buffer)
	unpack(html, compressed)

	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = strings.NewReplacer(demoMeta, demoMeta+demoToken).WriteString(w, html.String())
	_ = w.Close() // neither can fail: both write to memory
	return out.Bytes()
}

func unpack(w io.Writer, compressed []byte) {
	plain, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		panic(err) // a test unpacks every asset
	}

	_, _ = io.Copy(w, plain) //nolint:gosec // no bomb: the program brought it along
}

// page answers with the page itself, under its own policy. Nobody keeps it, so that going back to it brings no
// credential back.
func page(next http.Handler, demoToken string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", strings.TrimSpace(policy+" "+demoToken))
		w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// asset is one file, compressed.
type asset struct {
	mediaType  string
	compressed []byte
	// kept says that the name changes with the content, so that whoever has it never asks again.
	kept bool
}

// ServeHTTP answers with the file as it is to who takes gzip, and unpacked to others.
func (a asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.mediaType)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Add("Vary", "Accept-Encoding")
	if a.kept {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}

	if takesGzip(r.Header.Values("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(a.compressed)))
		_, _ = w.Write(a.compressed)
		return
	}

	unpack(w, a.compressed)
}
