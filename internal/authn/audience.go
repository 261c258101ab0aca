package authn

import (
	"errors"
	"slices"
)

// clientClaims are where issuers name the client that a token was issued to: OpenID Connect, RFC 9068 and Cognito,
// Okta, and version 1 of Entra ID.
var clientClaims = []string{"azp", "client_id", "cid", "appid"}

// meantForUs returns an error unless a token is meant for this API, for nobody else who could replay it, and issued to
// one of the clients, if they are named. claims are the token's, by their exact names.
//
// Amazon Cognito's access tokens have no audience, but name their client: that counts where the clients are named.
func (a *Authenticator) meantForUs(audience []string, p purpose, claims map[string]any) error {
	if err := a.fromAClient(claims); err != nil {
		return err
	}

	if len(audience) == 0 && p.Use == "access" && len(a.clients) > 0 {
		return nil
	}

	if !slices.Contains(audience, a.audiences[0]) {
		return errors.New("it is not meant for this audience")
	}

	for _, other := range audience {
		if !slices.Contains(a.audiences, other) {
			return errors.New("it is meant for another audience too")
		}
	}

	return nil
}

// fromAClient returns an error unless each claim that names a token's client names one that counts.
func (a *Authenticator) fromAClient(claims map[string]any) error {
	if len(a.clients) == 0 {
		return nil
	}

	named := false
	for _, claim := range clientClaims {
		value, has := claims[claim]
		client, isText := value.(string)
		if has && (!isText || !slices.Contains(a.clients, client)) {
			return errors.New("it was issued to a client that does not count")
		}

		named = named || has
	}

	if !named {
		return errors.New("it names no client")
	}

	return nil
}

// verifiedClaim is the standard's. Source: OpenID Connect Core 1.0, section 5.1.
const verifiedClaim = "email_verified"

// addresses say which email addresses of an issuer count as verified.
type addresses struct {
	// claim names the claim that says so.
	claim string
	// trust is whether an address counts where no claim says anything.
	trust bool
}

// verified reports whether the address among a token's claims counts as verified. Cognito sends a boolean as text, and
// Entra ID its xms_edov as a number or text besides.
func (v addresses) verified(claims map[string]any) bool {
	said, has := claims[v.claim]
	if !has {
		return v.trust
	}

	one := v.claim != verifiedClaim && (said == "1" || said == 1.0)
	return said == true || said == "true" || one
}
