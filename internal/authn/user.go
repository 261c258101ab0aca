package authn

import (
	"cmp"
	"context"

	"github.com/provenanceone/data-api/internal/authz"
)

func (a *Authenticator) withJWT(ctx context.Context, raw string, workspace []string) (authz.Actor, error) {
	p, err := a.verify(ctx, raw)
	if err != nil {
		return authz.Actor{}, err
	}
	memberships, err := a.members.MembershipsOf(ctx, a.issuer.url, p.subject)
	if err != nil {
		return authz.Actor{}, unchecked("the database", err)
	}
	m, missing := choose(memberships, workspace)
	return authz.Actor{
		Who:       authz.Who{Kind: authz.User, PrincipalID: m.MemberID, Label: cmp.Or(m.Email, p.email, p.subject)},
		Workspace: m.Workspace, Missing: missing, Region: m.Region, Role: m.Role,
		ExpiresAt: p.expires, Issuer: a.issuer.url, Subject: p.subject,
	}, nil
}

// choose returns the membership that a request acts under, or an empty one and why there is none.
func choose(all []Membership, header []string) (Membership, authz.Missing) {
	switch {
	case len(all) == 0:
		return Membership{}, authz.Memberless
	case len(header) == 0 && len(all) == 1:
		return all[0], 0
	case len(header) == 0:
		return Membership{}, authz.Unselected
	case len(header) > 1 || !authz.WorkspaceID(header[0]).Valid():
		return Membership{}, authz.Unknown
	}
	for _, m := range all {
		if m.Workspace == authz.WorkspaceID(header[0]) {
			return m, 0
		}
	}
	return Membership{}, authz.Unknown
}
