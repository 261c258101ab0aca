package authn

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// workspaceHeader selects one of a user's workspaces.
const workspaceHeader = "X-Workspace-Id"

// Options say whose credentials count.
type Options struct {
	// Issuer is the URL of the OpenID Connect issuer, exactly as its tokens name it: https, or http on loopback.
	Issuer string
	// Audience is what a token must be meant for.
	Audience string
	// OtherAudiences are what a token may be meant for besides: a token for any third party is refused, because that
	// party could replay it.
	OtherAudiences []string
	// Clients are those whose tokens count; none is any. With them, Amazon Cognito's access tokens need no audience.
	Clients []string
	// VerifiedClaim names the claim that says whether an email address was verified; empty is email_verified.
	VerifiedClaim string
	// TrustEmail is whether every address of the issuer counts as verified, unless a token says that it is not.
	TrustEmail bool
	Members    Members
	Keys       Keys
	// Denials may be nil where there are no keys.
	Denials Denials
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Transport reaches the issuer; nil is one like the standard library's.
	Transport http.RoundTripper
}

// Authenticator knows who sends a request.
type Authenticator struct {
	issuer    *issuer
	audiences []string
	clients   []string
	addresses addresses
	members   Members
	keys      Keys
	denials   Denials
	now       func() time.Time
}

// New returns an authenticator. It calls nothing: the issuer's keys are fetched when the first JWT comes.
//
// Errors: fault.Invalid if the issuer is no https URL (or http on loopback), or issuer or audience is missing.
func New(o Options) (*Authenticator, error) {
	if !trustworthy(o.Issuer) {
		return nil, fault.New(fault.Invalid, "The issuer must be an https URL, or an http one on loopback: %q is "+
			"not.", o.Issuer)
	}

	if o.Audience == "" {
		return nil, fault.New(fault.Invalid, "The audience of tokens is missing.")
	}

	if o.Now == nil {
		o.Now = time.Now
	}

	return &Authenticator{
		issuer:    newIssuer(o),
		audiences: append([]string{o.Audience}, o.OtherAudiences...),
		clients:   o.Clients,
		addresses: addresses{claim: cmp.Or(o.VerifiedClaim, verifiedClaim), trust: o.TrustEmail},
		members:   o.Members,
		keys:      o.Keys,
		denials:   o.Denials,
		now:       o.Now,
	}, nil
}

// Close ends idle connections to the issuer.
func (a *Authenticator) Close() { a.issuer.client.CloseIdleConnections() }

// Authenticate returns who sends these headers. A user without a selected workspace is an actor too: Actor.Missing
// says why there is none.
//
// No part of a credential is in an error or an actor.
//
// Errors: fault.Unauthenticated for no credential, more than one, or one that is not valid (any more);
// fault.Forbidden if X-Workspace-Id is not an API key's own workspace, or the key may not be used from there, which is
// on record first; fault.Unavailable if the issuer or the database did not answer: the credential was not checked.
// Where it is known whose credential is refused, or that it has expired, the cause is an authz.CredentialError.
func (a *Authenticator) Authenticate(ctx context.Context, h http.Header, from authz.Origin) (authz.Actor, error) {
	c, err := credentialOf(h)
	if err != nil {
		return authz.Actor{}, err
	}

	var actor authz.Actor
	if c.isKey {
		actor, err = a.withKey(ctx, c.text, h.Values(workspaceHeader), from)
	} else {
		actor, err = a.withJWT(ctx, c.text, h.Values(workspaceHeader), from)
	}

	if err != nil {
		return authz.Actor{}, err
	}

	actor.From = from
	return actor, nil
}

// unchecked is the answer when a credential could be neither accepted nor refused.
func unchecked(who string, cause error) error {
	return fault.New(fault.Unavailable, "The credential was not checked: %s did not answer.", who).Because(cause)
}
