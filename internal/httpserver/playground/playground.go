// Package playground is a page to try the API on: GraphiQL and everything that it needs, built from console/playground
// and kept in the program.
package playground

import (
	"bytes"
	"compress/gzip"
	"embed"
	"html"
	"io"
	"net/http"
	"net/url"
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

// policy lets the page run this server's scripts and workers and talk to this server, and nothing else but the issuer,
// whose origin comes after it. The editor
// writes styles into its elements, which is what 'unsafe-inline' is for, and draws with images in data: URLs.
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
	"font-src 'self'; " +
	"worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'"

// The page looks here for the issuer that signs people in, and for the client that it is there.
const (
	issuerMeta = `name="data-api-issuer" content="`
	clientMeta = `name="data-api-client" content="`
)

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
// its assets. There is nothing at any other path, and no list of these. The page signs
// people in at the issuer, a URL, as the client; an empty client is none, and then it takes pasted credentials alone.
//
// Effects: none; no answer holds anything of its request.
func Pages(issuer, client string) map[string]http.Handler {
	pages := map[string]http.Handler{}
	for name, content := range files() {
		a := asset{mediaType: types[path.Ext(name)], compressed: content, kept: strings.Contains(name, "-")}
		if name == "index.html" {
			source := ""
			if client != "" {
				a.compressed, source = offering(content, issuer, client), originOf(issuer)
			}

			pages[Path], pages[Path+"/"] = page(a, source), page(a, source)
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

// originOf is the origin of a URL, which a policy takes; a path in one would have to match to the letter.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}

	return u.Scheme + "://" + u.Host
}

// offering writes the issuer and the client into the page.
func offering(compressed []byte, issuer, client string) []byte {
	page := new(bytes.Buffer)
	unpack(page, compressed)

	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = strings.NewReplacer(issuerMeta, issuerMeta+html.EscapeString(issuer), clientMeta,
		clientMeta+html.EscapeString(client)).WriteString(w, page.String())
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
func page(next http.Handler, source string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", strings.TrimSpace(policy+" "+source))
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
