package member

import (
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// Remaining is what a store finds of a workspace once a member was changed, and keeps so until its transaction ends.
type Remaining struct {
	// Admin is whether there is an admin who has joined.
	Admin bool
}

// Refuse returns fault.Conflict if no admin is left; nil if one is.
func (r Remaining) Refuse() error {
	if r.Admin {
		return nil
	}

	return fault.New(fault.Conflict, "A workspace keeps at least one admin who has signed in: make somebody else one "+
		"first.")
}

// RefuseKey returns fault.Forbidden if whoever makes a key has not the role for it any more; the empty role is that of
// somebody who was removed.
func RefuseKey(now authz.Role) error {
	if now == authz.Admin {
		return nil
	}

	return fault.New(fault.Forbidden, "You are no admin of this workspace any more.")
}
