package oidc

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// ClientID names the one public client, that of command lines and of pages alike.
const ClientID = "data-api-sign-in"

const (
	authorizePath = "/authorize"
	// maxForm is in bytes.
	maxForm = 16 << 10
	// maxHandedThrough is how many bytes a state or nonce may have.
	maxHandedThrough = 2048
)

// scopes are those that the issuer knows.
var scopes = []string{"openid", "email", "offline_access"}

// challengeForm is a SHA-256 in base64url. Source: RFC 7636, section 4.2.
var challengeForm = regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)

// User is a person that the sign-in page offers.
type User struct {
	// Subject is the person, as tokens name it.
	Subject string
	// Email counts as verified.
	Email string
	// Workspace and Role say on the page who this is.
	Workspace, Role string
}

// authorize shows who there is to sign in as. It issues nothing: only the form of the page does.
//
// Source: RFC 6749, section 4.1.1; RFC 7636, section 4.3; OpenID Connect Core 1.0, section 3.1.2.1.
func (i *Issuer) authorize(w http.ResponseWriter, r *http.Request) {
	q, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil || only(q, "client_id") != ClientID {
		i.problem(w, "This client is not known here", "The address that led here names no client of this issuer. "+
			"Nobody was signed in.")
		return
	}

	redirect, state := only(q, "redirect_uri"), only(q, "state")
	if !i.mayReturnTo(redirect) {
		i.problem(w, "This address may not get an answer", "A sign-in returns to a program or page of this machine "+
			"alone, and the address that led here names another place. Nobody was signed in.")
		return
	}

	if refusal, why := refusalOf(q); refusal != "" {
		if len(state) > maxHandedThrough {
			state = ""
		}

		i.sendBack(w, r, redirect, state, url.Values{"error": {refusal}, "error_description": {why}})
		return
	}

	id, csrf := i.memory.ask(request{
		client:    ClientID,
		redirect:  redirect,
		state:     state,
		nonce:     only(q, "nonce"),
		challenge: only(q, "code_challenge"),
		scope:     granted(only(q, "scope")),
	})
	i.choose(w, id, csrf, redirect)
}

// only returns the value of a parameter that is there once; else nothing. Source: RFC 6749, section 3.1.
func only(q url.Values, name string) string {
	if len(q[name]) != 1 {
		return ""
	}

	return q[name][0]
}

// refusalOf returns the standard's code for what is wrong with a request, and a sentence; nothing if it is right.
func refusalOf(q url.Values) (refusal, why string) {
	for name, values := range q {
		if len(values) > 1 {
			return "invalid_request", "A parameter is there twice: " + strings.Map(printable, name)
		}
	}

	switch {
	case q.Get("response_type") != "code":
		return "unsupported_response_type", "response_type must be code."
	case q.Has("request"):
		return "request_not_supported", "Request objects are not taken."
	case q.Has("request_uri"):
		return "request_uri_not_supported", "Request objects are not taken."
	case q.Has("response_mode") && q.Get("response_mode") != "query":
		return "invalid_request", "response_mode must be query."
	case q.Get("code_challenge_method") != "S256" || !challengeForm.MatchString(q.Get("code_challenge")):
		return "invalid_request", "PKCE is required: code_challenge, by code_challenge_method S256."
	case !slices.Contains(strings.Fields(q.Get("scope")), "openid"):
		return "invalid_scope", "scope must have openid."
	case len(q.Get("state")) > maxHandedThrough, len(q.Get("nonce")) > maxHandedThrough:
		return "invalid_request", "state and nonce have 2048 bytes at most."
	case slices.Contains(strings.Fields(q.Get("prompt")), "none"):
		return "login_required", "A person has to choose on the page who to sign in as."
	}

	return "", ""
}

func printable(r rune) rune {
	if r < ' ' || r > '~' || r == '"' || r == '\\' {
		return '?'
	}

	return r
}

// granted are those of the wanted scopes that the issuer knows.
func granted(wanted string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(wanted), func(s string) bool {
		return !slices.Contains(scopes, s)
	}), " ")
}

// decide takes what a person has clicked on the page.
func (i *Issuer) decide(w http.ResponseWriter, r *http.Request) {
	asked, ok := i.clicked(w, r, ClientID)
	if !ok {
		return
	}

	if r.PostForm.Has("cancel") {
		i.sendBack(w, r, asked.redirect, asked.state, url.Values{"error": {"access_denied"},
			"error_description": {"Nobody was chosen on the sign-in page."}})
		return
	}

	at := slices.IndexFunc(i.users, func(u User) bool { return u.Subject == r.PostForm.Get("user") })
	if at < 0 {
		i.problem(w, "There is no such person", "Start the sign-in again.")
		return
	}

	i.sendBack(w, r, asked.redirect, asked.state, url.Values{"code": {i.memory.issue(asked, i.users[at])}})
}

// clicked returns the request that a form of the issuer's own page answers; else it says so on a page.
//
// The page must be this origin's, which browsers say, and have the token that was made for this one request, which is
// of the client.
func (i *Issuer) clicked(w http.ResponseWriter, r *http.Request, client string) (request, bool) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if r.ParseForm() == nil && new(http.CrossOriginProtection).Check(r) == nil {
		asked, ok := i.memory.answer(r.PostForm.Get("request"), r.PostForm.Get("csrf"))
		if ok && asked.client == client {
			return asked, true
		}
	}

	i.problem(w, "This page is out of date", "It was used before, or it was open for more than ten minutes. Start "+
		"again where you came from.")
	return request{}, false
}
