package workspace

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
)

// InviteStore keeps an operator's invitations.
type InviteStore interface {
	// InviteAdmin makes an invitation as admin of the member with an address, whether or not anybody has joined by it;
	// the one given is what is made where there is none. Errors: fault.NotFound if there is no such workspace.
	InviteAdmin(ctx context.Context, m member.Member, e audit.Entry) (member.Member, error)
}

// InviteAdmin lets whoever next signs in with a verified address be an admin of a workspace, on record as an operator's
// act: for a workspace whose admins cannot sign in any more.
//
// Errors: fault.Invalid naming `email`; fault.NotFound.
func InviteAdmin(ctx context.Context, store InviteStore, id ID, email string, now time.Time) (member.Member, error) {
	if !id.Valid() {
		return member.Member{}, NotFound()
	}

	address, err := member.Address(email)
	if err != nil {
		return member.Member{}, err
	}

	operator := authz.Actor{Who: authz.Who{Kind: authz.System, Label: "operator"}, Workspace: id}
	m := member.Member{ID: ident.New[member.Member](), Email: address, Role: authz.Admin, CreatedAt: now.UTC()}
	return store.InviteAdmin(ctx, m, member.RoleSet(operator, m.Role))
}
