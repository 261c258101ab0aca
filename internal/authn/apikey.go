package authn

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// withKey reads the key from the database on every request, so that a revocation counts at once.
func (a *Authenticator) withKey(
	ctx context.Context, text string, workspace []string, from authz.Origin,
) (authz.Actor, error) {
	hash, _, err := ParseToken(text)
	if err != nil {
		return authz.Actor{}, err
	}

	k, known, err := a.keys.ByHash(ctx, hash)
	switch {
	case err != nil:
		return authz.Actor{}, unchecked("the database", err)
	case !known:
		return authz.Actor{}, unauthenticated("There is no such API key.")
	}

	if err := a.refusal(k, workspace); err != nil {
		return authz.Actor{}, err
	}

	if !k.allows(from.IP) {
		return authz.Actor{}, a.fromElsewhere(ctx, k, from)
	}

	if now := a.now(); k.LastUsedAt == nil || now.Sub(*k.LastUsedAt) > usedEvery {
		// then it is noted at its next use
		if err := a.keys.MarkUsed(ctx, k, now); err != nil && !fault.Is(err, fault.RateLimited) {
			return authz.Actor{}, unchecked("the database", err)
		}
	}

	return k.actor(), nil
}

// refusal returns why a known key lets nobody in; nil if it does.
func (a *Authenticator) refusal(k Key, workspace []string) error {
	known := &authz.CredentialError{Who: k.actor().Who}
	switch {
	case k.RevokedAt != nil:
		return unauthenticated("The API key was revoked.").Because(known)
	case k.ExpiresAt != nil && !a.now().Before(*k.ExpiresAt):
		known.Expired = true
		return unauthenticated("The API key has expired.").Because(known)
	case len(workspace) > 1 || len(workspace) == 1 && authz.WorkspaceID(workspace[0]) != k.Workspace:
		return fault.New(fault.Forbidden, "The X-Workspace-Id header must be the API key's own workspace, or left "+
			"out.").Because(known)
	}

	return nil
}

// fromElsewhere puts on record that a key was used from a network that it does not name, and returns the refusal.
func (a *Authenticator) fromElsewhere(ctx context.Context, k Key, from authz.Origin) error {
	actor := k.actor()
	actor.From = from
	if err := a.denials.RecordNetwork(ctx, actor); err != nil {
		return unchecked("the database", err)
	}

	return fault.New(fault.Forbidden, "The API key may not be used from your network address.").
		Because(&authz.CredentialError{Who: actor.Who})
}

// usedEvery is the precision of the time of last use: one write a minute, however busy the key is.
const usedEvery = time.Minute

// allows reports whether the key may be used from an address. A network that cannot be read lets nobody in.
func (k Key) allows(ip string) bool {
	if len(k.AllowedNetworks) == 0 {
		return true
	}

	address, err := netip.ParseAddr(ip)
	return err == nil && slices.ContainsFunc(k.AllowedNetworks, func(text string) bool {
		network, err := netip.ParsePrefix(text)
		return err == nil && network.Contains(address.Unmap())
	})
}

func (k Key) actor() authz.Actor {
	a := authz.Actor{
		Who:       authz.Who{Kind: authz.APIKey, PrincipalID: k.ID, Label: authz.KeyLabel(k.Name)},
		Workspace: k.Workspace,
		Region:    k.Region,
		Scopes:    authz.NewScopes(k.Scopes...),

		TrustedDocumentsOnly: k.TrustedDocumentsOnly,
		DocumentsRevision:    k.DocumentsRevision,
	}
	if k.ExpiresAt != nil {
		a.ExpiresAt = *k.ExpiresAt
	}

	return a
}
