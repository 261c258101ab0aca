package oidc

import (
	_ "embed"
	"html/template"
	"net/http"
	"strings"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle []byte

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// page is what page.html shows: a title and a sentence, and a form where there is something to click.
type page struct {
	Title, Says   string
	Request, CSRF string
	Origin        string
	Workspaces    []workspace
	Confirm       bool
}

// workspace is the people of one workspace.
type workspace struct {
	Name  string
	Users []User
}

// choose shows the people that there are, for a request.
func (i *Issuer) choose(w http.ResponseWriter, id, csrf, redirect string) {
	p := page{Title: "Sign in", Request: id, CSRF: csrf, Origin: originOf(redirect)}
	for _, u := range i.users {
		if n := len(p.Workspaces); n == 0 || p.Workspaces[n-1].Name != u.Workspace {
			p.Workspaces = append(p.Workspaces, workspace{Name: u.Workspace})
		}

		last := &p.Workspaces[len(p.Workspaces)-1]
		last.Users = append(last.Users, u)
	}

	i.show(w, http.StatusOK, p)
}

// confirmEnd asks whether to end all sessions. Its request names no client, so that no form of the one page is good
// for the other.
func (i *Issuer) confirmEnd(w http.ResponseWriter) {
	id, csrf := i.memory.ask(request{})
	i.show(w, http.StatusOK, page{
		Title:   "Sign everybody out?",
		Says:    "Nothing says whose session to end. This ends every session of this issuer.",
		Request: id,
		CSRF:    csrf,
		Confirm: true,
	})
}

// problem says on a page what is wrong, and never redirects.
func (i *Issuer) problem(w http.ResponseWriter, title, says string) {
	i.say(w, http.StatusBadRequest, title, says)
}

func (i *Issuer) say(w http.ResponseWriter, status int, title, says string) {
	i.show(w, status, page{Title: title, Says: says})
}

// show answers with a page that runs no script, is in no frame, and sends its form here alone. Browsers hold what a
// form leads to by a redirect against form-action too.
func (i *Issuer) show(w http.ResponseWriter, status int, p page) {
	target := p.Origin
	if strings.Contains(target, "[") {
		target = "http:" // a policy has no way to write an IPv6 address
	}

	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "+
		strings.TrimSpace("form-action 'self' "+target))
	w.WriteHeader(status)
	_ = pageTemplate.Execute(w, p) // whoever asked may have gone
}

func style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	_, _ = w.Write(pageStyle)
}

// originOf is the origin of an address that mayReturnTo has allowed.
func originOf(address string) string {
	scheme, rest, _ := strings.Cut(address, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}
