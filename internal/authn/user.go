package authn

import (
	"cmp"
	"context"
	"slices"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
)

func (a *Authenticator) withJWT(
	ctx context.Context, raw string, workspace []string, from authz.Origin,
) (authz.Actor, error) {
	p, err := a.verify(ctx, raw)
	if err != nil {
		return authz.Actor{}, err
	}

	if p.idToken {
		return authz.Actor{}, refused(raw, errNoAccessToken)
	}

	memberships, err := a.membershipsOf(ctx, p, from)
	if err != nil {
		return authz.Actor{}, unchecked("the database", err)
	}

	m, missing := choose(memberships, workspace)
	actor := a.actor(p, m)
	actor.Missing = missing
	return actor, nil
}

// membershipsOf returns the memberships of a person, who joins by invitations of their verified address first.
//
// It then reads the memberships again, whether this request joined or another one did meanwhile: the first sign-in
// often comes as several requests at once.
func (a *Authenticator) membershipsOf(ctx context.Context, p person, from authz.Origin) ([]Membership, error) {
	found, err := a.members.MembershipsOf(ctx, a.issuer.url, p.subject, p.address())
	if err != nil {
		return nil, err
	}

	open := invitations(found)
	for _, m := range open {
		actor := a.actor(p, m)
		actor.From = from
		if err := a.members.Join(ctx, actor); err != nil {
			return nil, err
		}
	}

	if len(open) > 0 {
		found, err = a.members.MembershipsOf(ctx, a.issuer.url, p.subject, "")
	}

	return slices.DeleteFunc(found, func(m Membership) bool { return m.Invited }), err
}

// address returns the email address by which to look for invitations of the person; empty unless the issuer has
// verified one.
func (p person) address() string {
	address, _ := ident.Address(p.email)
	return address
}

// invitations are those to workspaces that the person is not a member of yet.
func invitations(found []Membership) (open []Membership) {
	for _, m := range found {
		member := slices.ContainsFunc(found,
			func(other Membership) bool { return !other.Invited && other.Workspace == m.Workspace })
		if m.Invited && !member {
			open = append(open, m)
		}
	}

	return open
}

func (a *Authenticator) actor(p person, m Membership) authz.Actor {
	return authz.Actor{
		Who:       authz.Who{Kind: authz.User, PrincipalID: m.MemberID, Label: cmp.Or(m.Email, p.email, p.subject)},
		Workspace: m.Workspace,
		Region:    m.Region,
		Role:      m.Role,
		ExpiresAt: p.expires,
		Issuer:    a.issuer.url,
		Subject:   p.subject,
		Email:     cmp.Or(m.Email, p.address()),

		DocumentsRevision: m.DocumentsRevision,
	}
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
