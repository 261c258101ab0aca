// Package workspace has the tenants: each workspace owns its datastores, secrets, members and keys, and none sees
// another's. It has a region, a quota and rules, such as whether a reveal needs a reason. Admins change the rules; an
// operator sets the quota.
package workspace

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
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
	// LimitBytes is what a new workspace may hold; nil for no limit. Usage says it of one that is there.
	LimitBytes *int64
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
	// Get returns a workspace to those who are bound to it; found is false for all others.
	Get(ctx context.Context, id ID) (w Workspace, found bool, err error)
	Usage(ctx context.Context, id ID) (Usage, error)
	// Of returns the workspaces that a person is a member of, by name.
	Of(ctx context.Context, issuer, subject string) ([]Workspace, error)
	// Update changes the workspace that the entry's actor acts in.
	Update(ctx context.Context, c UpdateRequest, e audit.Entry) (Workspace, error)
	// Create keeps a workspace with its first members. Errors: fault.Conflict if the id is taken.
	Create(ctx context.Context, w Workspace, members []member.Member, e audit.Entry) error
}

// Policy is what a deployment says of new workspaces.
type Policy struct {
	// Regions are those that a workspace can be created in, in order.
	Regions []string
	// Open is whether people may create workspaces themselves.
	Open bool
	// LimitBytes is what such a workspace may hold; nil for no limit.
	LimitBytes *int64
}

// Service answers for workspaces.
type Service struct {
	store  Store
	once   *idempotency.Service
	policy Policy
}

// NewService returns a service on a store, with what carries out calls once, and the deployment's policy.
func NewService(store Store, once *idempotency.Service, p Policy) *Service {
	return &Service{store: store, once: once, policy: p}
}

// Regions are those that a workspace can be created in, in order.
func (s *Service) Regions() []string { return s.policy.Regions }

// Find returns the workspace that the actor acts in. Errors: those of Actor.InWorkspace if it acts in none;
// fault.NotFound if it is gone.
func (s *Service) Find(ctx context.Context, a authz.Actor) (Workspace, error) {
	if err := a.InWorkspace(); err != nil {
		return Workspace{}, err
	}

	w, found, err := s.store.Get(ctx, a.Workspace)
	if err == nil && !found {
		err = NotFound()
	}

	return w, err
}

// List returns the workspaces that a user is a member of, by name; for an API key, its own.
func (s *Service) List(ctx context.Context, a authz.Actor) ([]Workspace, error) {
	if a.Kind == authz.User {
		return s.store.Of(ctx, a.Issuer, a.Subject)
	}

	own, err := s.Find(ctx, a)
	return []Workspace{own}, err
}

// Usage returns what a workspace holds. The id must be one that Find or List gave the caller: it is not checked again.
func (s *Service) Usage(ctx context.Context, id ID) (Usage, error) { return s.store.Usage(ctx, id) }

// UpdateRequest changes a workspace; a nil field stays.
type UpdateRequest struct {
	Name                *string
	RequireRevealReason *bool
}

// Changes reports whether the workspace would be another.
func (c UpdateRequest) Changes(w Workspace) bool {
	return c.Name != nil && *c.Name != w.Name ||
		c.RequireRevealReason != nil && *c.RequireRevealReason != w.RequireRevealReason
}

// Update changes the workspace that the actor acts in. Errors: fault.Invalid naming `name`.
func (s *Service) Update(ctx context.Context, a authz.Actor, c UpdateRequest) (Workspace, error) {
	if c.Name != nil {
		if err := ident.CheckName("name", *c.Name); err != nil {
			return Workspace{}, err
		}
	}

	return s.store.Update(ctx, c, audit.Record(a, audit.WorkspaceUpdated).AwaitsTarget("workspace").
		Awaits("requireRevealReason"))
}

// NotFound says that a workspace is no more.
func NotFound() error { return fault.New(fault.NotFound, "This workspace is gone.") }
