// Package login signs a person in at the command line, keeps the tokens, and renews them.
//
// It is a public client of an OpenID Connect issuer: the authorization code flow with PKCE, with an answer on loopback.
// No token is in any error or output, and none follows a redirect.
//
// Source: RFC 8252; RFC 7636; OpenID Connect Core 1.0, section 3.1.
package login

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/provenanceone/data-api/internal/fault"
)

// requestTime bounds each request to an issuer or the API.
const requestTime = 15 * time.Second

// Client is what an issuer knows this program as.
type Client struct {
	Issuer string `json:"issuer"`
	ID     string `json:"clientId"`
	// Audience is what Auth0 calls the API; empty elsewhere.
	Audience string   `json:"audience,omitempty"`
	Scopes   []string `json:"scopes"`
}

// Session is a person's sign-in, as it is kept.
type Session struct {
	Client

	AccessToken  string    `json:"accessToken"`
	RefreshToken string    `json:"refreshToken,omitempty"`
	IDToken      string    `json:"idToken"`
	Expires      time.Time `json:"expires"`
}

// provider is what an issuer says of itself.
type provider struct {
	*oidc.Provider

	config oauth2.Config
	ends   ends
}

// ends are the ways to end a session, the scopes that there are, and whether each answer names the issuer. Source: RFC
// 8414; OpenID Connect RP-Initiated Logout 1.0; RFC 9207, section 3.
type ends struct {
	Revocation  string   `json:"revocation_endpoint"`
	EndSession  string   `json:"end_session_endpoint"`
	Scopes      []string `json:"scopes_supported"`
	NamesItself bool     `json:"authorization_response_iss_parameter_supported"`
}

// discover asks an issuer what it is.
//
// Errors: fault.Invalid for an issuer that tokens may not be asked of; fault.Unavailable if it does not answer.
func (c Client) discover(ctx context.Context) (provider, error) {
	if !Safe(c.Issuer) {
		return provider{}, fault.New(fault.Invalid, "The issuer must be an https URL, or an http one on loopback: %q "+
			"is not.", c.Issuer)
	}

	found, err := oidc.NewProvider(ctx, c.Issuer)
	if err != nil {
		return provider{}, fault.New(fault.Unavailable, "The issuer %s does not say how to sign in.", c.Issuer).
			Because(err)
	}

	p := provider{Provider: found}
	if err := found.Claims(&p.ends); err != nil {
		return provider{}, fault.New(fault.Unavailable, "The issuer %s does not say how to sign in.", c.Issuer).
			Because(err)
	}

	endpoint := found.Endpoint()
	endpoint.AuthStyle = oauth2.AuthStyleInParams // trying another way would use up the code
	p.config = oauth2.Config{ClientID: c.ID, Endpoint: endpoint, Scopes: c.Scopes}
	for _, address := range []string{endpoint.AuthURL, endpoint.TokenURL, p.ends.Revocation, p.ends.EndSession} {
		if address != "" && !Safe(address) {
			return provider{}, fault.New(fault.Invalid, "The issuer %s names an address that is neither https nor "+
				"loopback, or cannot be shown: %q.", c.Issuer, address)
		}
	}

	return p, nil
}

// Safe reports whether a credential may go to an address: by https, or to this machine. A terminal may show it.
func Safe(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Host == "" || strings.ContainsFunc(address, isNotPrint) {
		return false
	}

	ip, _ := netip.ParseAddr(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip.IsLoopback())
}

func isNotPrint(r rune) bool { return !unicode.IsPrint(r) }

// HTTP returns a client that follows no redirect, and keeps no connection.
func HTTP() *http.Client {
	return &http.Client{
		Timeout:       requestTime,
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// withHTTP has both libraries use that client.
func withHTTP(ctx context.Context) context.Context { return oidc.ClientContext(ctx, HTTP()) }

// session checks what the token endpoint has given.
func (p provider) session(ctx context.Context, c Client, given *oauth2.Token, nonce string) (Session, error) {
	raw, _ := given.Extra("id_token").(string)
	token, err := p.VerifierContext(ctx, &oidc.Config{ClientID: c.ID}).Verify(ctx, raw)
	if err == nil && token.Nonce != nonce {
		err = errors.New("it answers another sign-in")
	}

	if err == nil && token.AccessTokenHash != "" {
		err = token.VerifyAccessToken(given.AccessToken)
	}

	if err != nil {
		return Session{}, fault.New(fault.Unavailable, "The issuer's ID token is not valid: %s.",
			strings.TrimPrefix(err.Error(), "oidc: "))
	}

	return Session{
		Client:       c,
		AccessToken:  given.AccessToken,
		RefreshToken: given.RefreshToken,
		IDToken:      raw,
		Expires:      given.Expiry,
	}, nil
}

// refused is what an issuer has said about a request for tokens. The body, which could repeat a token, is left out.
func refused(issuer string, err error) error {
	var said *oauth2.RetrieveError
	switch {
	case errors.As(err, &said) && said.ErrorCode == "invalid_grant":
		return fault.New(fault.Unauthenticated, "Your sign-in has ended. Sign in again: data-api login")
	case errors.As(err, &said):
		return fault.New(fault.Unavailable, "The issuer %s gave no token: %s", issuer,
			plain(said.Response.Status+" "+said.ErrorCode+" "+said.ErrorDescription))
	}

	return fault.New(fault.Unavailable, "The issuer %s does not answer.", issuer).Because(err)
}

// plain is a text of somebody else's, without what a terminal would obey.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}

		return r
	}, text)
	return strings.TrimSpace(text[:min(len(text), 300)])
}
