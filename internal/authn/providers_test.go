package authn_test

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// provider is what an identity provider puts into its tokens, and the settings that fit it, as
// docs/identity-providers.md has them. The audience of this API is that of the other tests.
type provider struct {
	settings authn.Options
	// issuer is what follows the host in the issuer's URL.
	issuer string
	header changes
	// access has the claims of an access token; id those of the ID token of the same sign-in. Both lie on top of the
	// usual ones, where nil takes one away.
	access, id changes
	// address is what the person is known by.
	address string
}

// client is the front end that people sign in to.
const client = "front-end"

// providers has the shapes of tokens as the documentation of each provider shows them.
var providers = map[string]provider{
	// Keycloak, "Server Administration Guide": an audience mapper adds the API to `account`.
	"Keycloak": {
		settings: authn.Options{OtherAudiences: []string{"account"}, Clients: []string{client}},
		issuer:   "/realms/acme",
		access: changes{"typ": "Bearer", "azp": client, "aud": []string{audience, "account"}, "sid": "s", "acr": "1",
			"scope": "openid email", "nbf": nil, "realm_access": changes{"roles": []string{"offline_access"}}},
		id:      changes{"typ": "ID", "azp": client, "aud": client, "at_hash": "MTIzNDU2Nzg5MDEyMzQ1Ng", "nbf": nil},
		address: "ada@idp.example",
	},
	// Auth0, "Access tokens": the issuer ends with a slash; an action adds the address.
	"Auth0": {
		settings: authn.Options{OtherAudiences: []string{"https://acme.auth0.example/userinfo"},
			Clients: []string{client}},
		issuer: "/",
		access: changes{"azp": client, "aud": []string{audience, "https://acme.auth0.example/userinfo"}, "nbf": nil,
			"scope": "openid email", "sub": "auth0|ada"},
		id:      changes{"aud": client, "nonce": "n-0S6_WzA2Mj", "sub": "auth0|ada", "nbf": nil},
		address: "ada@idp.example",
	},
	// Auth0, "Access token profiles": RFC 9068.
	"Auth0, RFC 9068": {
		settings: authn.Options{OtherAudiences: []string{"https://acme.auth0.example/userinfo"},
			Clients: []string{client}},
		issuer: "/",
		header: changes{"typ": "at+jwt"},
		access: changes{"client_id": client, "aud": []string{audience, "https://acme.auth0.example/userinfo"},
			"jti": "j", "scope": "openid email", "sub": "auth0|ada", "nbf": nil},
		id:      changes{"aud": client, "nonce": "n-0S6_WzA2Mj", "sub": "auth0|ada"},
		address: "ada@idp.example",
	},
	// Microsoft, "Access tokens" and "Optional claims reference": no email_verified.
	"Entra ID": {
		settings: authn.Options{TrustEmail: true, Clients: []string{client}},
		issuer:   "/f8cdef31-a31e-4b4a-93e4-5f571e91255a/v2.0",
		access: changes{"ver": "2.0", "azp": client, "azpacr": "0", "scp": "access", "tid": "f8cdef31", "oid": "o",
			"email_verified": nil},
		id:      changes{"ver": "2.0", "aud": client, "nonce": "n-0S6_WzA2Mj", "email_verified": nil},
		address: "ada@idp.example",
	},
	"Entra ID, by the claim": {
		settings: authn.Options{VerifiedClaim: "xms_edov"},
		issuer:   "/f8cdef31-a31e-4b4a-93e4-5f571e91255a/v2.0",
		access:   changes{"ver": "2.0", "azp": client, "scp": "access", "email_verified": nil, "xms_edov": "1"},
		id:       changes{"ver": "2.0", "aud": client, "nonce": "n", "email_verified": nil, "xms_edov": "1"},
		address:  "ada@idp.example",
	},
	"Entra ID, version 1": {
		settings: authn.Options{TrustEmail: true, Clients: []string{client}},
		issuer:   "/f8cdef31-a31e-4b4a-93e4-5f571e91255a/",
		access:   changes{"ver": "1.0", "appid": client, "appidacr": "0", "scp": "access", "email_verified": nil},
		id:       changes{"ver": "1.0", "aud": client, "nonce": "n", "email_verified": nil},
		address:  "ada@idp.example",
	},
	// Google Cloud, "Get an ID token": a service account's, for an audience. People's access tokens are no JWTs.
	"Google, a service account": {
		access: changes{"azp": "112233445566778899000", "email": "ci@p.iam.gserviceaccount.com", "nbf": nil},
		id: changes{"aud": client + ".apps.googleusercontent.com", "azp": client + ".apps.googleusercontent.com",
			"at_hash": "MTIzNDU2Nzg5MDEyMzQ1Ng", "hd": "acme.example"},
		address: "ci@p.iam.gserviceaccount.com",
	},
	// Okta, "Build a JWT": custom authorization servers; `sub` is the login, `cid` the client.
	"Okta": {
		settings: authn.Options{Clients: []string{client}},
		issuer:   "/oauth2/default",
		access: changes{"ver": 1, "jti": "AT.j", "cid": client, "uid": "00u1", "scp": []string{"openid", "email"},
			"sub": "ada@idp.example", "nbf": nil},
		id:      changes{"ver": 1, "jti": "ID.j", "aud": client, "at_hash": "MTIzNDU2Nzg5MDEyMzQ1Ng", "sub": "00u1"},
		address: "ada@idp.example",
	},
	// Amazon Cognito, "Understanding the access token": no audience, but a client; booleans may be text.
	"Cognito": {
		settings: authn.Options{Clients: []string{client}},
		issuer:   "/eu-west-1_abc",
		header:   changes{"typ": nil},
		access: changes{"token_use": "access", "client_id": client, "aud": nil, "scope": "openid email", "nbf": nil,
			"username": "ada", "version": 2, "email_verified": "true"},
		id: changes{
			"token_use":        "id",
			"aud":              client,
			"cognito:username": "ada",
			"at_hash":          "MTIzNDU2Nzg5MDEyMzQ1Ng",
		},
		address: "ada@idp.example",
	},
}

// nobody is a member of anything.
func nobody(context.Context, string, string) ([]authn.Membership, error) { return nil, nil }

// as returns a world whose issuer is a provider.
func (p provider) as(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, authn.Options{})
	p.settings.Members = members(nobody)
	impostor{func(self string) any {
		return map[string]string{"issuer": self + p.issuer, "jwks_uri": self + "/jwks.json"}
	}, setOf(jose.JSONWebKey{Key: w.private.Public(), KeyID: w.kid})}.startAs(t, w, p.issuer, p.settings)
	return w
}

func (p provider) token(t *testing.T, w *world, claims changes) string {
	t.Helper()
	return w.sign(t, with(w.claims(), claims), p.header)
}

// plus returns these claims with changes, those to take away included.
func plus(claims, more changes) changes {
	all := maps.Clone(claims)
	maps.Copy(all, more)
	return all
}

func TestProviders_AccessToken_SaysWhoItIs(t *testing.T) {
	t.Parallel()
	for name, p := range providers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := p.as(t)
			a, err := w.jwt(t.Context(), p.token(t, w, p.access))
			if err != nil || a.Kind != authz.User || a.Email != p.address {
				t.Errorf("got %+v, %v", a, err)
			}
		})
	}
}

func TestProviders_WhatIsNotMeantForThisAPI_IsRefused(t *testing.T) {
	t.Parallel()
	for name, p := range providers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := p.as(t)
			own := changes{"aud": audience}
			foreign := plus(p.access, nil)
			foreign["aud"] = []string{audience, "other-api"}
			tokens := map[string]changes{
				"the ID token":                  p.id,
				"the ID token, for this API":    plus(p.id, own),
				"an access token for all":       foreign,
				"an access token for another":   plus(p.access, changes{"aud": "other-api"}),
				"an access token for the other": plus(p.access, changes{"aud": []string{"account"}}),
			}
			if len(p.settings.Clients) > 0 {
				other := plus(p.access, nil)
				nameless := plus(p.access, nil)
				for _, claim := range []string{"azp", "client_id", "cid", "appid"} {
					if _, has := p.access[claim]; has {
						other[claim], nameless[claim] = "other-front-end", nil
					}
				}
				tokens["a token of another client"], tokens["a token of no client"] = other, nameless
			}
			for what, claims := range tokens {
				token := p.token(t, w, claims)
				a, err := w.jwt(t.Context(), token)
				if err == nil {
					t.Errorf("%s was taken", what)
					continue
				}
				wantRefused(t, a, err, fault.Unauthenticated, strings.Split(token, ".")...)
			}
		})
	}
}

func TestProviders_AddressThatIsNotVerified_IsNone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		settings authn.Options
		claims   changes
		want     bool
	}{
		"standard, nothing said":        {authn.Options{}, changes{"email_verified": nil}, false},
		"standard, a number":            {authn.Options{}, changes{"email_verified": 1}, false},
		"standard, another claim":       {authn.Options{}, changes{"email_verified": nil, "xms_edov": true}, false},
		"trusted, nothing said":         {authn.Options{TrustEmail: true}, changes{"email_verified": nil}, true},
		"trusted, said to be unchecked": {authn.Options{TrustEmail: true}, changes{"email_verified": false}, false},
		"trusted, null": {authn.Options{TrustEmail: true},
			changes{"email_verified": (*int)(nil)}, false},
		"named, true":                   {authn.Options{VerifiedClaim: "xms_edov"}, changes{"xms_edov": true}, true},
		"named, one":                    {authn.Options{VerifiedClaim: "xms_edov"}, changes{"xms_edov": 1}, true},
		"named, text":                   {authn.Options{VerifiedClaim: "xms_edov"}, changes{"xms_edov": "true"}, true},
		"named, zero":                   {authn.Options{VerifiedClaim: "xms_edov"}, changes{"xms_edov": "0"}, false},
		"named, the standard's instead": {authn.Options{VerifiedClaim: "xms_edov"}, nil, false},
		"named, in another case":        {authn.Options{VerifiedClaim: "xms_edov"}, changes{"XMS_EDOV": true}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.settings.Members = members(nobody)
			w := newWorld(t, c.settings)
			a, err := w.jwt(t.Context(), w.sign(t, with(w.claims(), c.claims), nil))
			if err != nil || a.Email != "" != c.want {
				t.Fatalf("got %+v, %v", a, err)
			}
			refusal := authz.Need{Role: authz.Viewer}.Decide(a)
			if !fault.Is(refusal, fault.Forbidden) || strings.Contains(refusal.Error(), "verified") == c.want {
				t.Errorf("the refusal says %v", refusal)
			}
		})
	}
}

func TestCognito_TokenWithoutAudience_IsRefusedUnlessClientsAreNamed(t *testing.T) {
	t.Parallel()
	p := providers["Cognito"]
	p.settings.Clients = nil
	w := p.as(t)
	a, err := w.jwt(t.Context(), p.token(t, w, p.access))
	wantRefused(t, a, err, fault.Unauthenticated)
	p.settings.Clients = []string{client}
	w = p.as(t)
	a, err = w.jwt(t.Context(), p.token(t, w, plus(p.access, changes{"token_use": nil})))
	wantRefused(t, a, err, fault.Unauthenticated)
}
