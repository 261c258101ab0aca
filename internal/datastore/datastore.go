// Package datastore has the containers of objects: flat namespaces that a workspace owns, each with a policy of types,
// sizes and how many versions it keeps. Viewers read them, editors create and change them, and each write has an audit
// event. Deleting a datastore with objects in it begins a deletion.
package datastore

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/page"
)

// ID names a datastore.
type ID = ident.Of[Datastore]

// Datastore is a flat namespace of objects addressed by key.
type Datastore struct {
	ID          ID
	Name        string
	Description *string
	ObjectCount int64
	// UsedBytes is the size of all versions of all its objects.
	UsedBytes int64
	Policy
	CreatedAt time.Time
	UpdatedAt time.Time
	CreatedBy authz.Who
}

// CreateRequest asks for a new datastore.
type CreateRequest struct {
	Name        string
	Description *string
	// MaxObjectBytes is nil for the deployment's limit.
	MaxObjectBytes *int64
	// ContentTypes are those that it takes; none for any.
	ContentTypes []string
	// KeepVersions is nil to keep the current version alone.
	KeepVersions *int32
	// Labels are nil for none.
	Labels []label.Label `json:",omitzero"`
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string `json:"-"`
}

// Filter narrows a list of datastores, and says in which order it is.
type Filter struct {
	// NameContains keeps those whose name contains the text, whatever its case; empty keeps all.
	NameContains string `json:",omitzero"`
	// Name keeps the one of exactly this name; nil keeps all.
	Name *string `json:",omitzero"`
	// Labels keep those that have them all; nil keeps all.
	Labels []label.Filter `json:",omitzero"`
	Order  Order          `json:",omitzero"`
}

// Order is the order of a list of datastores; the zero one is by name, from A to Z.
type Order struct {
	Field      OrderField `json:",omitzero"`
	Descending bool       `json:",omitzero"`
}

// OrderField is what a list of datastores is ordered by.
type OrderField string

// The fields; datastores that are equal in one stand in the order of their ids.
const (
	ByName      OrderField = ""
	ByCreatedAt OrderField = "createdAt"
	ByUpdatedAt OrderField = "updatedAt"
)

// Store keeps datastores.
type Store interface {
	// Create errors: fault.Conflict naming `name` if the name is taken.
	Create(ctx context.Context, d Datastore, labels []label.Label, e audit.Entry) error
	// Update errors: fault.NotFound; fault.Conflict naming `name` if the name is taken.
	Update(ctx context.Context, id ID, c UpdateRequest, e audit.Entry) (Datastore, error)
	// Delete removes a datastore and cancels its open uploads. It begins the work of deleting its objects,
	// and returns it; nil if it has none.
	// Errors: fault.NotFound; fault.InUse with `count` while it has objects, unless forced.
	Delete(ctx context.Context, work Deletion, force bool, e audit.Entry) (*Deletion, error)
	// Get returns those of the ids that exist in the workspace, in any order.
	Get(ctx context.Context, ws authz.WorkspaceID, ids []ID) ([]Datastore, error)
	// List returns datastores in the order of the filter.
	List(ctx context.Context, ws authz.WorkspaceID, f Filter, r page.Request) (page.Page[Datastore], error)
	// Labels returns the labels of each datastore, in the order of their keys.
	Labels(ctx context.Context, ws authz.WorkspaceID, of []ID) ([][]label.Label, error)
}

// Service answers for datastores.
type Service struct {
	store   Store
	settler Settler
	once    *idempotency.Service
	now     func() time.Time
}

// NewService returns a service on a store, what settles uploads before a datastore counts as empty, and what carries
// out calls once.
func NewService(store Store, settler Settler, once *idempotency.Service, now func() time.Time) *Service {
	return &Service{store: store, settler: settler, once: once, now: now}
}

func (n CreateRequest) policy() Policy {
	p := Policy{MaxObjectBytes: n.MaxObjectBytes, ContentTypes: append([]string{}, n.ContentTypes...), KeepVersions: 1}
	if n.KeepVersions != nil {
		p.KeepVersions = *n.KeepVersions
	}

	return p
}

// Create makes a datastore. Errors: fault.Invalid naming the field; fault.Conflict if the name is taken; those of
// idempotency.Do.
func (s *Service) Create(ctx context.Context, a authz.Actor, n CreateRequest) (Datastore, error) {
	if err := ident.CheckName("name", n.Name); err != nil {
		return Datastore{}, err
	}

	if err := ident.CheckDescription("description", n.Description); err != nil {
		return Datastore{}, err
	}

	policy := n.policy()
	if err := policy.check(); err != nil {
		return Datastore{}, err
	}

	var err error
	if n.Labels, err = label.Sorted(n.Labels); err != nil {
		return Datastore{}, err
	}

	call := idempotency.Call{Mutation: "createDatastore", Key: n.IdempotencyKey, Input: n}
	return idempotency.Do(ctx, s.once, a, call, func(ctx context.Context, c idempotency.Claim) (Datastore, error) {
		now := s.now()
		d := Datastore{
			ID:          ID(c.TargetID),
			Name:        n.Name,
			Description: n.Description,
			Policy:      policy,
			CreatedAt:   now,
			UpdatedAt:   now,
			CreatedBy:   a.Who,
		}
		entry := audit.Record(a, audit.DatastoreCreated).Named(c.EventID).On("datastore", d.ID.String(), d.Name)
		if len(n.Labels) > 0 {
			entry = entry.With("labels", label.Details(n.Labels))
		}

		return d, s.store.Create(ctx, d, n.Labels, entry)
	}, func(ctx context.Context, done idempotency.Result) (Datastore, error) {
		made, err := s.Find(ctx, a, ID(done.TargetID))
		if fault.Is(err, fault.NotFound) {
			err = idempotency.Gone("datastore")
		}

		return made, err
	})
}

// Find returns one datastore of the actor's workspace. Errors: fault.NotFound.
func (s *Service) Find(ctx context.Context, a authz.Actor, id ID) (Datastore, error) {
	found, err := s.store.Get(ctx, a.Workspace, []ID{id})
	if err != nil {
		return Datastore{}, err
	}

	if len(found) == 0 {
		return Datastore{}, NotFound()
	}

	return found[0], nil
}

// FindByName returns the datastore of the actor's workspace with exactly this name. Errors: fault.NotFound.
func (s *Service) FindByName(ctx context.Context, a authz.Actor, name string) (Datastore, error) {
	found, err := s.store.List(ctx, a.Workspace, Filter{Name: &name}, page.Request{First: 1})
	if err != nil {
		return Datastore{}, err
	}

	if len(found.Items) == 0 {
		return Datastore{}, NotFound()
	}

	return found.Items[0], nil
}

// FindAll returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindAll(ctx context.Context, a authz.Actor, ids []ID) ([]Datastore, error) {
	return s.store.Get(ctx, a.Workspace, ids)
}

// List returns the workspace's datastores in the order of the filter. Errors: those of label.Filters.
func (s *Service) List(ctx context.Context, a authz.Actor, f Filter, r page.Request) (page.Page[Datastore], error) {
	var err error
	if f.Labels, err = label.Filters(f.Labels); err != nil {
		return page.Page[Datastore]{}, err
	}

	return s.store.List(ctx, a.Workspace, f, r)
}

// Labels returns the labels of each datastore, in the order of their keys.
func (s *Service) Labels(ctx context.Context, a authz.Actor, of []ID) ([][]label.Label, error) {
	return s.store.Labels(ctx, a.Workspace, of)
}

// NotFound says that a workspace has no such datastore: the same sentence for an unknown, malformed or foreign id.
func NotFound() error { return NoneAt("datastoreId") }

// NoneAt is NotFound for another field that names a datastore.
func NoneAt(field string) error {
	return fault.Field(fault.NotFound, field, "There is no such datastore in this workspace.")
}
