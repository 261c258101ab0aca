package authz

import (
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// Need is what a guard in the schema asks for: a user's role, an API key's scope. An empty one refuses that kind of
// credential.
type Need struct {
	Role  Role
	Scope Scope
}

// Decide returns nil if the actor fulfils the need in the workspace it acts in.
//
// Errors: what InWorkspace returns, for a user; fault.Forbidden, naming the role and scope that are needed, for
// everything else. It is the one decision function.
func (n Need) Decide(a Actor) error {
	switch {
	case a.Kind == User && a.Workspace == "":
		return a.InWorkspace()
	case a.Kind == User && n.Role != "" && a.Role.Includes(n.Role):
		return nil
	case a.Kind == APIKey && a.Workspace != "" && n.Scope != "" && a.Scopes.Has(n.Scope):
		return nil
	}

	return n.refusal()
}

// InWorkspace returns nil if the actor acts in a workspace. A field that needs no role and no scope may still need a
// workspace.
//
// Errors: fault.Invalid if a user with several memberships has selected none;
// fault.Forbidden if the header names no workspace of the user, if the user has none, or if the actor is no user.
func (a Actor) InWorkspace() error {
	switch {
	case a.Workspace != "":
		return nil
	case a.Kind != User:
		return fault.New(fault.Forbidden, "This credential belongs to no workspace.")
	case a.Missing == Memberless && a.Email == "":
		return fault.New(fault.Forbidden, "You are not a member of any workspace yet, and your token has no email "+
			"address that your identity provider has verified: an invitation of an unverified address lets nobody in.")
	case a.Missing == Memberless:
		return fault.New(fault.Forbidden, "You are not a member of any workspace yet: ask an admin of one to invite "+
			"you.")
	case a.Missing == Unknown && a.Email == "":
		return fault.New(fault.Forbidden, "The X-Workspace-Id header names no workspace that you are a member of; if "+
			"you were invited to it, your token has no email address that your identity provider has verified.")
	case a.Missing == Unknown:
		return fault.New(fault.Forbidden, "The X-Workspace-Id header names no workspace that you are a member of.")
	}

	return fault.Field(fault.Invalid, "X-Workspace-Id",
		"You are a member of several workspaces: name one in the X-Workspace-Id header.")
}

func (n Need) refusal() error {
	if n == (Need{}) {
		return fault.New(fault.Forbidden, "Nobody may do this.")
	}

	var ways []string
	err := fault.New(fault.Forbidden, "")
	if n.Role != "" {
		ways = append(ways, "the role "+strings.ToLower(string(n.Role)))
		err = err.With("requiredRole", string(n.Role))
	}

	if n.Scope != "" {
		ways = append(ways, "an API key with the scope "+n.Scope.Text())
		err = err.With("requiredScope", string(n.Scope))
	}

	err.Say = "This needs " + strings.Join(ways, " or ") + "."
	return err
}
