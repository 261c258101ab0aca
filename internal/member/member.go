// Package member says who belongs to a workspace, and in which role. Admins invite by email address, change roles and
// remove, each on record. An invitation binds to whoever first signs in with that verified address. Removing a member
// ends the API keys that the member created, unless the admin keeps them (see docs/adr/0046).
package member

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/run"
)

// ID names a membership.
type ID = ident.Of[Member]

// Member is a person's membership of a workspace.
type Member struct {
	ID ID
	// Issuer and Subject are the person's identity at the identity provider; empty while invited.
	Issuer, Subject string
	// Email is as ident.Address returns it.
	Email string
	Role  authz.Role
	// JoinedAt is nil while invited: the first sign-in with this verified address joins.
	JoinedAt  *time.Time
	CreatedAt time.Time
}

// Store keeps memberships.
type Store interface {
	// Get returns those of the ids that exist in the workspace, in any order.
	Get(ctx context.Context, ws authz.WorkspaceID, ids []ID) ([]Member, error)
	// List returns members by email address, which is their page key.
	List(ctx context.Context, ws authz.WorkspaceID, r page.Request) (page.Page[Member], error)
	// SetRole changes the role of the member with an address, or invites it; the one given is what is made where there
	// is none. With a lower role it ends keys of the member that reach beyond, each on record, unless KeepKeys. With
	// InviteAgain it unbinds the member from the person who joined.
	// Errors: fault.Conflict if the workspace would have no admin left.
	SetRole(ctx context.Context, m Member, c Change, e audit.Entry) (SetRoleResult, error)
	// Remove also ends the keys of the member, each on record, unless keepKeys, and returns them.
	// Errors: fault.NotFound; fault.Conflict if the workspace would have no admin left.
	Remove(ctx context.Context, id ID, keepKeys bool, e audit.Entry) (Keys, error)
}

// Keys are those that a member had created for programs and runtimes.
type Keys struct {
	APIKeys     []apikey.Key
	RuntimeKeys []run.RuntimeKey
}

// Ended returns what goes on record of each key that a change of a member has ended, as part of the change.
func (k Keys) Ended(by audit.Entry, of ID) []audit.Entry {
	part := func(action audit.Action, kind, id, name string) audit.Entry {
		return audit.Record(by.By, action).On(kind, id, name).With("because", by.Action).With("memberId", of)
	}
	var parts []audit.Entry
	for _, key := range k.APIKeys {
		parts = append(parts, part(audit.APIKeyRevoked, "api_key", key.ID.String(), key.Name))
	}

	for _, key := range k.RuntimeKeys {
		parts = append(parts, part(audit.RuntimeKeyRemoved, "runtime_key", key.ID.String(), key.Name))
	}

	return parts
}

// Joined returns what goes on record of somebody who joins by an invitation.
func Joined(a authz.Actor) audit.Entry {
	return audit.Record(a, audit.MemberJoined).On("member", a.PrincipalID, a.Label).With("issuer", a.Issuer)
}

// Change is what else changes with a role.
type Change struct {
	// KeepKeys is whether keys that reach beyond a lower role stay valid.
	KeepKeys bool
	// InviteAgain is whether the member is as if invited only: whoever signs in next with the verified address joins.
	InviteAgain bool
}

// SetRoleRequest gives the person with an address a role.
type SetRoleRequest struct {
	Email string
	Role  authz.Role
	Change
}

// SetRoleResult is the member, and the keys that ended with the previous role.
type SetRoleResult struct {
	Member Member
	Ended  Keys
}

// Service answers for members.
type Service struct {
	store Store
	now   func() time.Time
}

// NewService returns a service on a store.
func NewService(store Store, now func() time.Time) *Service { return &Service{store: store, now: now} }

// List returns the workspace's members by email address.
func (s *Service) List(ctx context.Context, a authz.Actor, r page.Request) (page.Page[Member], error) {
	return s.store.List(ctx, a.Workspace, r)
}

// FindAll returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindAll(ctx context.Context, a authz.Actor, ids []ID) ([]Member, error) {
	return s.store.Get(ctx, a.Workspace, ids)
}

// SetRole changes a member's role, or invites somebody by email address.
//
// Errors: fault.Invalid naming `email`; fault.Conflict if the workspace would have no admin left.
func (s *Service) SetRole(ctx context.Context, a authz.Actor, c SetRoleRequest) (SetRoleResult, error) {
	address, err := Address(c.Email)
	if err != nil {
		return SetRoleResult{}, err
	}

	m := Member{ID: ident.New[Member](), Email: address, Role: c.Role, CreatedAt: s.now().UTC()}
	return s.store.SetRole(ctx, m, c.Change, RoleSet(a, m.Role).MayHave("keysKept"))
}

// RoleSet returns what goes on record of an invitation or of a new role.
func RoleSet(by authz.Actor, role authz.Role) audit.Entry {
	return audit.Record(by, audit.MemberRoleSet).AwaitsTarget("member").With("role", role).
		MayHave("previousRole", "unboundSubject")
}

// Remove ends a membership and, unless keepKeys, the keys of the member, which it returns.
//
// Errors: fault.NotFound; fault.Conflict if the workspace would have no admin left.
func (s *Service) Remove(ctx context.Context, a authz.Actor, id ID, keepKeys bool) (Keys, error) {
	return s.store.Remove(ctx, id, keepKeys, audit.Record(a, audit.MemberRemoved).AwaitsTarget("member").
		Awaits("role").MayHave("keysKept"))
}

// Address returns an email address as it is kept and compared. Errors: fault.Invalid naming `email`.
func Address(text string) (string, error) {
	address, ok := ident.Address(text)
	if !ok {
		return "", fault.Field(fault.Invalid, "email", "That is no email address: write it as name@example.com, in "+
			"Unicode's composed form (NFC).")
	}

	return address, nil
}

// Same reports whether a change has left a member as it was.
func Same(before, after Member) bool {
	return before.ID == after.ID && before.Role == after.Role && before.Subject == after.Subject
}

// NotFound says that a workspace has no such member.
func NotFound() error {
	return fault.Field(fault.NotFound, "memberId", "There is no such member in this workspace.")
}
