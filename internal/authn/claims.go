package authn

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// maxSubject is in bytes. Source: OpenID Connect Core 1.0, section 2.
const maxSubject = 255

// registered are the names of the claims that are read here or by go-oidc.
var registered = []string{
	"iss", "sub", "aud", "exp", "nbf", "iat", "email", "email_verified", "nonce", "at_hash", "c_hash", "typ",
	"token_use",
}

// errExpired is that a token whose signature, issuer and audience fit has expired.
var errExpired = errors.New("it has expired")

// extraClaims are the claims that go-oidc reads too leniently: it accepts a number in a string as a time.
type extraClaims struct {
	Expiry    *float64 `json:"exp"`
	IssuedAt  *float64 `json:"iat"`
	NotBefore *float64 `json:"nbf"`
	Email     string   `json:"email"`

	purpose
}

// purpose are the claims by which issuers tell what a token is for.
type purpose struct {
	Nonce           *string `json:"nonce"`
	AccessTokenHash *string `json:"at_hash"`
	CodeHash        *string `json:"c_hash"`
	// Type is Keycloak's, in the payload; Use is Amazon Cognito's.
	Type string `json:"typ"`
	Use  string `json:"token_use"`
}

// isAccess reports whether a token may be an access token: no claim says that it is of another kind.
//
// A nonce is what a client sent with a sign-in, and is in its ID token; Keycloak before version 24 put it into the
// access token too. The client that a token was issued to (azp) says nothing: in access tokens it is the front end's.
//
// Source: OpenID Connect Core 1.0, sections 2 and 3.3.2.11; RFC 9068, section 2.1.
func (p purpose) isAccess(headerType string) bool {
	switch {
	case isAccessType(headerType):
		return true
	case p.AccessTokenHash != nil, p.CodeHash != nil, p.Use == "id":
		return false
	case slices.Contains([]string{"ID", "Refresh", "Offline", "Logout"}, p.Type):
		return false
	}

	return p.Nonce == nil || p.Type == "Bearer" || p.Type == "DPoP"
}

// read checks what go-oidc leaves open in a token whose signature and issuer fit.
func (a *Authenticator) read(token *oidc.IDToken, headerType string) (person, error) {
	var payload json.RawMessage
	var c extraClaims
	if err := errors.Join(token.Claims(&payload), token.Claims(&c)); err != nil {
		return person{}, fmt.Errorf("reading claims: %w", err)
	}

	if err := checkMembers(payload, registered...); err != nil {
		return person{}, fmt.Errorf("claims: %w", err)
	}

	var all map[string]any
	if err := json.Unmarshal(payload, &all); err != nil {
		return person{}, fmt.Errorf("reading claims: %w", err)
	}

	if err := a.meantForUs(token.Audience, c.purpose, all); err != nil {
		return person{}, err
	}

	if err := a.checkTimes(token, c); err != nil {
		return person{}, err
	}

	if !validSubject(token.Subject) {
		return person{}, errors.New("its subject is missing or malformed")
	}

	p := person{subject: token.Subject, expires: token.Expiry, idToken: !c.isAccess(headerType)}
	if a.addresses.verified(all) {
		p.email = c.Email
	}

	return p, nil
}

func (a *Authenticator) checkTimes(token *oidc.IDToken, c extraClaims) error {
	now := a.now()
	latest := now.Add(leeway)
	switch {
	case !now.Before(token.Expiry):
		return errExpired
	case token.IssuedAt.After(latest):
		return errors.New("it was issued in the future")
	case c.NotBefore != nil && *c.NotBefore > float64(latest.UnixNano())/float64(time.Second):
		return errors.New("it is not valid yet")
	}

	return nil
}

// validSubject is printable ASCII: what JSON decoding replaces could make two people one.
func validSubject(s string) bool {
	return s != "" && len(s) <= maxSubject && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' })
}

// checkMembers refuses a JSON object that has a member twice, or one of the names in another case:
// decoders disagree about which of them counts.
func checkMembers(text []byte, names ...string) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return errors.New("no JSON object")
	}

	seen := map[string]bool{}
	for d.More() {
		token, err := d.Token()
		name, isName := token.(string)
		if err != nil || !isName || seen[name] {
			return errors.New("a member that is malformed, or there twice")
		}

		seen[name] = true
		if slices.ContainsFunc(names, func(n string) bool { return n != name && strings.EqualFold(n, name) }) {
			return errors.New("a member in the wrong case")
		}

		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return errors.New("a malformed value")
		}
	}

	return nil
}
