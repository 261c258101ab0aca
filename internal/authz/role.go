package authz

import "slices"

// Role is a user's role in a workspace; the values are the schema's Role.
type Role string

// The roles, each including the ones before it.
const (
	Viewer Role = "VIEWER"
	Editor Role = "EDITOR"
	Admin  Role = "ADMIN"
)

var roles = []Role{Viewer, Editor, Admin}

// Roles returns every role, weakest first.
func Roles() []Role { return slices.Clone(roles) }

// Includes reports whether the role includes another; an unknown role includes nothing, and nothing includes it.
func (r Role) Includes(needed Role) bool {
	have, need := slices.Index(roles, r), slices.Index(roles, needed)
	return need >= 0 && have >= need
}
