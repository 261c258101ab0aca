// Package docs serves the pages that the product's documentation points to, from the Markdown files of this folder.
package docs

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"path"
	"strconv"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// repository is where the files are that the pages link to and that the server does not serve.
const repository = "https://github.com/provenanceone/data-api/blob/main/"

var (
	//go:embed security.md
	security []byte
	//go:embed data-handling.md
	dataHandling []byte
	//go:embed page.html
	frame string
	//go:embed page.css
	style template.CSS
)

// page is a Markdown file that is served.
type page struct {
	// File is its path in the repository, Path its place on the server, both as the product's documentation has them.
	File, Path, Title string
	markdown          []byte
}

var served = []page{
	{"docs/security.md", "/docs/security", "Security", security},
	{"docs/data-handling.md", "/security/data-handling", "Data handling", dataHandling},
}

// Pages returns the handlers of the pages by path, for GET and HEAD. They ask for no credential: anybody may read the
// documentation.
//
// Errors: Markdown or a frame that cannot be rendered.
func Pages() (map[string]http.Handler, error) {
	around, err := template.New("page.html").Parse(frame)
	if err != nil {
		return nil, fmt.Errorf("reading the frame of the pages: %w", err)
	}

	pages := map[string]http.Handler{}
	for _, p := range served {
		body, err := render(p)
		if err != nil {
			return nil, err
		}

		var html bytes.Buffer
		if err := around.Execute(&html, map[string]any{
			"Page":  p,
			"All":   served,
			"Style": style,
			"Body":  body,
		}); err != nil {
			return nil, fmt.Errorf("rendering %s: %w", p.File, err)
		}

		pages[p.Path] = rendered(html.Bytes())
	}

	return pages, nil
}

// render returns a page's Markdown as HTML, with its links made to work on the server.
func render(p page) (template.HTML, error) {
	markdown := goldmark.New(
		goldmark.WithExtensions(extension.Table),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
	)
	document := markdown.Parser().Parse(text.NewReader(p.markdown))
	err := ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		link, ok := n.(*ast.Link)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}

		to, err := resolved(string(link.Destination))
		link.Destination = []byte(to)
		return ast.WalkContinue, err
	})
	var html bytes.Buffer
	if err == nil {
		err = markdown.Renderer().Render(&html, p.markdown, document)
	}

	if err != nil {
		return "", fmt.Errorf("rendering %s: %w", p.File, err)
	}

	return template.HTML(html.String()), nil //nolint:gosec // the text is ours, and goldmark leaves out HTML within it
}

// resolved returns what a link of a file in this folder becomes on the server: a link to another page, else to the file
// in the repository.
func resolved(link string) (string, error) {
	to, err := url.Parse(link)
	if err != nil || to.IsAbs() || to.Path == "" {
		return link, err
	}

	file := path.Join("docs", to.Path)
	to.Path, file = file, repository+file
	for _, p := range served {
		if p.File == to.Path {
			file = p.Path
		}
	}

	if to.Fragment != "" {
		file += "#" + to.Fragment
	}

	return file, nil
}

// rendered answers with a page, which runs and loads nothing: its style is within it, and named by its hash.
func rendered(html []byte) http.Handler {
	sum := sha256.Sum256([]byte(style))
	policy := "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Content-Length", strconv.Itoa(len(html)))
		_, _ = w.Write(html)
	})
}
