package workspace

import (
	"context"
	"slices"
	"strings"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
)

// MaxOfPerson is how many workspaces a person can be in to create another one.
const MaxOfPerson = 100

// CreateRequest asks for a new workspace.
type CreateRequest struct {
	Name   string
	Region string
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string `json:"-"`
}

// Create makes a workspace whose first admin is the person who asks.
//
// Errors: fault.Forbidden for an API key, a person without a verified address, or where the deployment does not allow
// it; fault.Invalid naming `name` or `region`; fault.Conflict for a person who is in MaxOfPerson workspaces; those of
// idempotency.Do.
func (s *Service) Create(ctx context.Context, a authz.Actor, n CreateRequest) (Workspace, error) {
	if err := s.mayCreate(a); err != nil {
		return Workspace{}, err
	}

	if err := s.check(n); err != nil {
		return Workspace{}, err
	}

	id := authz.NewWorkspaceID()
	if n.IdempotencyKey != nil {
		var err error
		if id, err = s.once.WorkspaceID(ctx, a, *n.IdempotencyKey); err != nil {
			return Workspace{}, err
		}
	}

	call := idempotency.Call{Mutation: idempotency.CreateWorkspace, Key: n.IdempotencyKey, Input: n}
	return idempotency.Do(ctx, s.once, authz.Actor{Workspace: id}, call,
		func(ctx context.Context, c idempotency.Claim) (Workspace, error) {
			return s.create(ctx, a, n, id, c)
		}, func(ctx context.Context, _ idempotency.Result) (Workspace, error) {
			return s.own(ctx, a, id)
		})
}

func (s *Service) mayCreate(a authz.Actor) error {
	switch {
	case a.Kind != authz.User:
		return fault.New(fault.Forbidden, "An API key creates no workspace: that takes a person.")
	case !s.policy.Open:
		return fault.New(fault.Forbidden, "In this deployment its operators create workspaces: ask them for one.")
	case a.Email == "":
		return fault.New(fault.Forbidden, "Your identity provider has verified no email address of yours, and an "+
			"admin needs one.")
	}

	return nil
}

func (s *Service) check(n CreateRequest) error {
	if err := ident.CheckName("name", n.Name); err != nil {
		return err
	}

	if !slices.Contains(s.policy.Regions, n.Region) {
		return fault.Field(fault.Invalid, "region", "There is no such region here; there are: %s.",
			strings.Join(s.policy.Regions, ", "))
	}

	return nil
}

func (s *Service) create(
	ctx context.Context, a authz.Actor, n CreateRequest, id ID, c idempotency.Claim,
) (Workspace, error) {
	mine, err := s.store.Of(ctx, a.Issuer, a.Subject)
	if err != nil {
		return Workspace{}, err
	}

	if len(mine) >= MaxOfPerson {
		return Workspace{}, fault.New(fault.Conflict, "You are in %d workspaces already: leave one first.", len(mine))
	}

	w := Workspace{ID: id, Name: n.Name, Region: n.Region, LimitBytes: s.policy.LimitBytes}
	admin := member.Member{
		ID:      ident.New[member.Member](),
		Issuer:  a.Issuer,
		Subject: a.Subject,
		Email:   a.Email,
		Role:    authz.Admin,
	}
	founder := authz.Actor{
		Who:       authz.Who{Kind: authz.User, PrincipalID: admin.ID.String(), Label: a.Email},
		Workspace: id,
		Region:    n.Region,
		From:      a.From,
	}
	entry := created(founder, w).Named(c.EventID)
	if err := s.store.Create(ctx, w, []member.Member{admin}, entry); err != nil {
		return Workspace{}, err
	}

	return s.own(ctx, a, id)
}

// own returns a workspace that the person is a member of. Errors: fault.NotFound.
func (s *Service) own(ctx context.Context, a authz.Actor, id ID) (Workspace, error) {
	mine, err := s.store.Of(ctx, a.Issuer, a.Subject)
	if err != nil {
		return Workspace{}, err
	}

	i := slices.IndexFunc(mine, func(w Workspace) bool { return w.ID == id })
	if i < 0 {
		return Workspace{}, NotFound()
	}

	return mine[i], nil
}

func created(by authz.Actor, w Workspace) audit.Entry {
	return audit.Record(by, audit.WorkspaceCreated).On("workspace", w.ID.String(), w.Name).With("region", w.Region)
}

// Found makes a workspace with its first members, on behalf of whoever runs the deployment.
//
// Errors: fault.Invalid naming `name`; fault.Conflict if the id is taken.
func Found(ctx context.Context, store Store, w Workspace, members []member.Member) error {
	if err := ident.CheckName("name", w.Name); err != nil {
		return err
	}

	operator := authz.Actor{Who: authz.Who{Kind: authz.System, Label: "operator"}, Workspace: w.ID, Region: w.Region}
	return store.Create(ctx, w, members, created(operator, w))
}
