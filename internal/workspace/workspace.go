// Package workspace is the boundary of everything: what a workspace is and what it holds.
package workspace

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
)

// ID names a workspace.
type ID = authz.WorkspaceID

// Workspace is a boundary: nothing in it is visible from another.
type Workspace struct {
	ID   ID
	Name string
	// Region is where its objects and secrets are kept, for example `europe-west1`. It never changes.
	Region string
	// RequireRevealReason is whether a reveal must say why.
	RequireRevealReason bool
	CreatedAt           time.Time
}

// Usage is what counts toward a workspace's storage.
type Usage struct {
	ObjectCount   int64
	UsedBytes     int64
	ReservedBytes int64
	// LimitBytes is nil when there is no limit.
	LimitBytes  *int64
	SecretCount int32
}

// Store keeps workspaces.
type Store interface {
	// Workspace returns a workspace to those who are bound to it; found is false for all others.
	Workspace(ctx context.Context, id ID) (w Workspace, found bool, err error)
	Usage(ctx context.Context, id ID) (Usage, error)
	// CreateWorkspace keeps a workspace with its first members. Errors: fault.Conflict if the id is taken.
	CreateWorkspace(ctx context.Context, w Workspace, members []member.Member, e audit.Entry) error
}

// Service answers for workspaces.
type Service struct {
	store Store
}

// NewService returns a service on a store.
func NewService(store Store) *Service { return &Service{store: store} }

// Find returns the workspace that the actor acts in. Errors: those of Actor.InWorkspace if it acts in none; fault.NotFound if it is gone.
func (s *Service) Find(ctx context.Context, a authz.Actor) (Workspace, error) {
	if err := a.InWorkspace(); err != nil {
		return Workspace{}, err
	}
	w, found, err := s.store.Workspace(ctx, a.Workspace)
	if err == nil && !found {
		err = fault.New(fault.NotFound, "This workspace is gone.")
	}
	return w, err
}

// Usage returns what the workspace that the actor acts in holds.
func (s *Service) Usage(ctx context.Context, a authz.Actor) (Usage, error) {
	return s.store.Usage(ctx, a.Workspace)
}

// Create makes a workspace with its first members, on behalf of whoever runs the deployment.
//
// Errors: fault.Invalid naming `name`; fault.Conflict if the id is taken.
func (s *Service) Create(ctx context.Context, w Workspace, members []member.Member) error {
	if err := ident.CheckName("name", w.Name); err != nil {
		return err
	}
	operator := authz.Actor{Who: authz.Who{Kind: authz.System, Label: "operator"}, Workspace: w.ID, Region: w.Region}
	entry := audit.Record(operator, audit.WorkspaceCreated).On("workspace", w.ID.String(), w.Name).With("region", w.Region)
	return s.store.CreateWorkspace(ctx, w, members, entry)
}
