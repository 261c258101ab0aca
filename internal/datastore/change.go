package datastore

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

// Change is what somebody wants different about a datastore.
type Change struct {
	// Name is nil to leave it.
	Name *string
	// Description is nil to leave it; what it points to is nil to have none.
	Description **string
}

// Update changes a datastore. Errors: fault.Invalid naming `name` or `description`; fault.NotFound; fault.Conflict if the name is taken.
func (s *Service) Update(ctx context.Context, a authz.Actor, id ID, c Change) (Datastore, error) {
	if c.Name != nil {
		if err := ident.CheckName("name", *c.Name); err != nil {
			return Datastore{}, err
		}
	}
	if c.Description != nil {
		if err := ident.CheckDescription("description", *c.Description); err != nil {
			return Datastore{}, err
		}
	}
	return s.store.UpdateDatastore(ctx, id, c, audit.Record(a, audit.DatastoreUpdated))
}

// Settler turns uploads whose bytes have landed into objects.
type Settler interface {
	// SettleAll settles every open upload of a datastore. Errors: fault.Unavailable if storage could not be asked.
	SettleAll(ctx context.Context, a authz.Actor, in ID) error
}

// Delete removes a datastore that has no objects, those that have landed included. Its open uploads are cancelled.
//
// Errors: fault.NotFound; fault.InUse with `count` while it has objects; fault.Unavailable.
func (s *Service) Delete(ctx context.Context, a authz.Actor, id ID) error {
	if err := s.settler.SettleAll(ctx, a, id); err != nil {
		return err
	}
	return s.store.DeleteDatastore(ctx, id, audit.Record(a, audit.DatastoreDeleted))
}

// InUse says that a datastore cannot be deleted while it has objects.
func InUse(objects int64) error {
	return fault.Field(fault.InUse, "datastoreId", "The datastore is not empty (objects: %d): delete them first.", objects).With("count", objects)
}
