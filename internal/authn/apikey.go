package authn

import (
	"context"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// withKey asks for the key on every request, so that a revocation counts at once.
func (a *Authenticator) withKey(ctx context.Context, text string, workspace []string) (authz.Actor, error) {
	hash, _, err := ParseToken(text)
	if err != nil {
		return authz.Actor{}, err
	}
	k, known, err := a.keys.KeyByHash(ctx, hash)
	switch {
	case err != nil:
		return authz.Actor{}, unchecked("the database", err)
	case !known:
		return authz.Actor{}, unauthenticated("There is no such API key.")
	case k.RevokedAt != nil:
		return authz.Actor{}, unauthenticated("The API key was revoked.")
	case k.ExpiresAt != nil && !a.now().Before(*k.ExpiresAt):
		return authz.Actor{}, unauthenticated("The API key has expired.")
	case len(workspace) > 1 || len(workspace) == 1 && authz.WorkspaceID(workspace[0]) != k.Workspace:
		return authz.Actor{}, fault.New(fault.Forbidden, "The X-Workspace-Id header must be the API key's own workspace, or left out.")
	}
	return k.actor(), nil
}

func (k Key) actor() authz.Actor {
	a := authz.Actor{
		Who:       authz.Who{Kind: authz.APIKey, PrincipalID: k.ID, Label: k.Name},
		Workspace: k.Workspace, Region: k.Region, Scopes: authz.NewScopes(k.Scopes...),
	}
	if k.ExpiresAt != nil {
		a.ExpiresAt = *k.ExpiresAt
	}
	return a
}
