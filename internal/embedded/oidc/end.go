package oidc

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

const endPath = "/end-session"

// endSession ends the session that an ID token names, be that token expired or not; without one it asks whether to end
// all.
//
// Source: OpenID Connect RP-Initiated Logout 1.0, section 2.
func (i *Issuer) endSession(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if r.ParseForm() != nil {
		i.problem(w, "This cannot be read", "The address that led here is malformed. No session was ended.")
		return
	}

	if r.Method == http.MethodPost && r.PostForm.Has("csrf") {
		i.endAfterClick(w, r)
		return
	}

	hint, back := only(r.Form, "id_token_hint"), only(r.Form, "post_logout_redirect_uri")
	switch id, ok := i.sessionOf(hint); {
	case hint == "":
		i.confirmEnd(w)
	case !ok:
		i.problem(w, "This is no ID token of this issuer", "No session was ended.")
	case back != "" && !i.mayReturnTo(back):
		i.problem(w, "This address may not get an answer", "No session was ended.")
	default:
		i.memory.end(id)
		i.ended(w, r, back, only(r.Form, "state"))
	}
}

// ended goes back where the client wants, or says that the session has ended.
func (i *Issuer) ended(w http.ResponseWriter, r *http.Request, back, state string) {
	if back == "" {
		i.say(w, http.StatusOK, "You are signed out", "Refresh tokens are worth nothing any more. Access tokens that "+
			"were given out end by themselves, within 15 minutes.")
		return
	}

	if state != "" && len(state) <= maxHandedThrough {
		back += "?" + url.Values{"state": {state}}.Encode()
	}

	http.Redirect(w, r, back, http.StatusSeeOther) //nolint:gosec // an address that mayReturnTo has allowed
}

// endAfterClick ends all sessions, if a person has clicked so on the page.
func (i *Issuer) endAfterClick(w http.ResponseWriter, r *http.Request) {
	if _, ok := i.clicked(w, r, ""); ok {
		i.memory.endAll()
		i.ended(w, r, "", "")
	}
}

// sessionOf returns the session that an ID token of this issuer names.
func (i *Issuer) sessionOf(hint string) (id string, ok bool) {
	token, err := jwt.ParseSigned(hint, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return "", false
	}

	var c payload
	err = token.Claims(i.key.private.Public(), &c)
	return c.SessionID, err == nil && c.Issuer == i.url && slices.Equal(c.Audience, jwt.Audience{ClientID}) &&
		c.SessionID != ""
}
