// Package member says who belongs to a workspace, and in which role.
package member

import (
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
)

// ID names a membership.
type ID = ident.Of[Member]

// Member is a person's membership of a workspace.
type Member struct {
	ID ID
	// Issuer and Subject are the person's identity at the identity provider.
	Issuer, Subject string
	Email           string
	Role            authz.Role
}
