package oidc

import (
	"mime"
	"net/http"
	"net/url"
	"time"
)

const (
	tokenPath = "/token"
	// accessLife is how long an access token is good for, and idLife how long an ID token is.
	accessLife = 15 * time.Minute
	idLife     = time.Hour
)

// tokens is what the token endpoint answers. Source: RFC 6749, section 5.1; OpenID Connect Core 1.0, section 3.1.3.3.
type tokens struct {
	AccessToken  string `json:"access_token"`
	TokenType    string `json:"token_type"`
	ExpiresIn    int    `json:"expires_in"`
	RefreshToken string `json:"refresh_token"`
	IDToken      string `json:"id_token"`
	Scope        string `json:"scope"`
}

// refusal is what it answers otherwise. Source: RFC 6749, section 5.2.
type refusal struct {
	Error       string `json:"error"`
	Description string `json:"error_description,omitempty"`
}

// token gives tokens for a code, or for a refresh token.
func (i *Issuer) token(w http.ResponseWriter, r *http.Request) {
	form, ok := formOf(w, r)
	switch {
	case !ok:
		answer(w, http.StatusBadRequest, refusal{"invalid_request", "It takes a form, and each parameter once."})
	case r.Header.Get("Authorization") != "" || form.Has("client_secret") || form.Get("client_id") != ClientID:
		answer(w, http.StatusUnauthorized, refusal{"invalid_client", "The client is public: client_id alone names it."})
	case form.Get("grant_type") == "authorization_code":
		i.give(w, "The code is unknown, used, too old, or of another client, redirect_uri or code_verifier.")(
			i.memory.redeem(form.Get("code"), ClientID, form.Get("redirect_uri"), form.Get("code_verifier")))
	case form.Get("grant_type") == "refresh_token":
		i.give(w, "The refresh token is unknown or used, or its session has ended.")(
			i.memory.refresh(form.Get("refresh_token"), ClientID))
	default:
		answer(w, http.StatusBadRequest, refusal{"unsupported_grant_type",
			"grant_type must be authorization_code or refresh_token."})
	}
}

// formOf reads a form that has every parameter once.
func formOf(w http.ResponseWriter, r *http.Request) (url.Values, bool) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err != nil || mediaType != "application/x-www-form-urlencoded" || r.ParseForm() != nil {
		return nil, false
	}

	for _, values := range r.PostForm {
		if len(values) > 1 {
			return nil, false
		}
	}

	return r.PostForm, true
}

// give answers with the tokens of a session, or refuses the grant with a sentence.
func (i *Issuer) give(w http.ResponseWriter, sentence string) func(session, string, bool) {
	return func(s session, refresh string, ok bool) {
		if !ok {
			answer(w, http.StatusBadRequest, refusal{"invalid_grant", sentence})
			return
		}

		given, err := i.mint(s)
		if err != nil {
			answer(w, http.StatusInternalServerError, refusal{Error: "server_error"})
			return
		}

		given.RefreshToken = refresh
		answer(w, http.StatusOK, given)
	}
}

// mint makes an access token for the API, and an ID token for the client.
func (i *Issuer) mint(s session) (tokens, error) {
	c := Claims{
		Issuer:        i.url,
		Audience:      i.audience,
		Subject:       s.user.Subject,
		Email:         s.user.Email,
		EmailVerified: true,
		ExpiresIn:     accessLife,
		Now:           i.memory.now(),
		ClientID:      s.client,
	}
	access, err := i.key.Mint(c)
	if err != nil {
		return tokens{}, err
	}

	c.Audience, c.ClientID, c.ExpiresIn = s.client, "", idLife
	c.Nonce, c.SessionID, c.SignedInAt = s.nonce, s.id, s.began
	id, err := i.key.Mint(c)
	return tokens{
		AccessToken: access,
		TokenType:   "Bearer",
		ExpiresIn:   int(accessLife.Seconds()),
		IDToken:     id,
		Scope:       s.scope,
	}, err
}
