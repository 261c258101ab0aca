package erasure

import (
	"context"
	"fmt"
	"slices"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

// Nobody stands where a person was named.
const Nobody = "erased person"

// Person is whose traces are erased: by the identity at the issuer, by the address, or both.
type Person struct{ Issuer, Subject, Email string }

// Check returns fault.Invalid unless it says who, by an address that a member could have.
func (p Person) Check() error {
	if (p.Issuer == "") != (p.Subject == "") || p.Subject == "" && p.Email == "" {
		return fault.New(fault.Invalid, "Name the person by --email, by --issuer and --subject, or by all three.")
	}

	if _, ok := ident.Address(p.Email); !ok && p.Email != "" {
		return fault.New(fault.Invalid, "--email is no email address: write it as name@example.com, in Unicode's "+
			"composed form (NFC).")
	}

	return nil
}

// Traces are what was erased of a person in one workspace.
type Traces struct {
	Workspace authz.WorkspaceID `json:"workspaceId"`
	// Rows are how many rows were changed or dropped, by table.
	Rows map[string]int64 `json:"rows"`
	// Admins are how many admins the workspace has left.
	Admins int `json:"admins"`
}

// Any tells whether there was anything to erase.
func (t Traces) Any() bool {
	for _, n := range t.Rows {
		if n > 0 {
			return true
		}
	}

	return false
}

// People is the database, as its owner.
type People interface {
	// Workspaces are all that there are.
	Workspaces(ctx context.Context) ([]authz.WorkspaceID, error)
	// ErasePerson ends memberships, invitations and keys of a person in a workspace, and puts Nobody where rows name
	// the person. It is on record, without the person, if there was anything to erase. With try it changes nothing.
	ErasePerson(ctx context.Context, in authz.WorkspaceID, p Person, try bool) (Traces, error)
}

// ErasePerson erases a person in one workspace, or in all: one after the other, so that what broke off can be done
// again. It returns the workspaces that had traces.
//
// Errors: those of Person.Check; fault.NotFound if there is no such workspace; what the database said.
func ErasePerson(ctx context.Context, db People, p Person, only authz.WorkspaceID, try bool) (all []Traces, err error) {
	if err := p.Check(); err != nil {
		return nil, err
	}

	p.Email, _ = ident.Address(p.Email)
	in, err := db.Workspaces(ctx)
	if err != nil {
		return nil, err
	}

	if only != "" {
		if !slices.Contains(in, only) {
			return nil, fault.New(fault.NotFound, "There is no such workspace.")
		}

		in = []authz.WorkspaceID{only}
	}

	for _, id := range in {
		traces, err := db.ErasePerson(ctx, id, p, try)
		if err != nil {
			return all, fmt.Errorf("in workspace %s: %w", id, err)
		}

		if traces.Any() {
			all = append(all, traces)
		}
	}

	return all, nil
}
