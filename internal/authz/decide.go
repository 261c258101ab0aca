package authz

import (
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// Need is what a guard in the schema asks for: a user's role, an API key's scope. An empty one refuses that kind of credential.
type Need struct {
	Role  Role
	Scope Scope
}

// Decide returns nil if the actor fulfils the need in the workspace it acts in.
//
// Errors: fault.Invalid if a user with several memberships has selected no workspace;
// fault.Forbidden, naming the role and scope that are needed, for everything else. It is the one decision function.
func (n Need) Decide(a Actor) error {
	switch {
	case a.Kind == User && a.Workspace == "":
		return fault.Field(fault.Invalid, "X-Workspace-Id", "You are a member of several workspaces: name one in the X-Workspace-Id header.")
	case a.Kind == User && n.Role != "" && a.Role.Includes(n.Role):
		return nil
	case a.Kind == APIKey && a.Workspace != "" && n.Scope != "" && a.Scopes.Has(n.Scope):
		return nil
	}
	return n.refusal()
}

func (n Need) refusal() error {
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
