package datastore

import (
	"context"
	"reflect"
	"slices"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/label"
)

// UpdateRequest changes a datastore.
type UpdateRequest struct {
	// Name is nil to leave it.
	Name *string
	// Description is nil to leave it; what it points to is nil to have none.
	Description **string
	// MaxObjectBytes is nil to leave it; what it points to is nil for the deployment's limit.
	MaxObjectBytes **int64
	// ContentTypes is nil to leave them; an empty list takes any.
	ContentTypes *[]string
	// KeepVersions is nil to leave it. Of a key that has more versions, the oldest are dropped at its next write.
	KeepVersions *int32
	// Labels is nil to leave them; else they replace all that it has.
	Labels *[]label.Label
}

// check returns fault.Invalid naming the field at fault.
func (c UpdateRequest) check() error {
	if c.Name != nil {
		if err := ident.CheckName("name", *c.Name); err != nil {
			return err
		}
	}

	if c.Description != nil {
		if err := ident.CheckDescription("description", *c.Description); err != nil {
			return err
		}
	}

	n := CreateRequest{KeepVersions: c.KeepVersions}
	if c.MaxObjectBytes != nil {
		n.MaxObjectBytes = *c.MaxObjectBytes
	}

	if c.ContentTypes != nil {
		n.ContentTypes = *c.ContentTypes
	}

	return n.policy().check()
}

// Beyond returns the request without what the datastore and its labels are already, and whether anything is left of
// it.
func (c UpdateRequest) Beyond(d Datastore, labels []label.Label) (left UpdateRequest, more bool) {
	if c.Name != nil && *c.Name == d.Name {
		c.Name = nil
	}

	if c.Description != nil && reflect.DeepEqual(*c.Description, d.Description) {
		c.Description = nil
	}

	if c.MaxObjectBytes != nil && reflect.DeepEqual(*c.MaxObjectBytes, d.MaxObjectBytes) {
		c.MaxObjectBytes = nil
	}

	if c.ContentTypes != nil && slices.Equal(*c.ContentTypes, d.ContentTypes) {
		c.ContentTypes = nil
	}

	if c.KeepVersions != nil && *c.KeepVersions == d.KeepVersions {
		c.KeepVersions = nil
	}

	if c.Labels != nil && slices.Equal(*c.Labels, labels) {
		c.Labels = nil
	}

	return c, c != UpdateRequest{}
}

// record puts on the entry what changes about the policy.
func (c UpdateRequest) record(e audit.Entry) audit.Entry {
	if c.MaxObjectBytes != nil {
		e = e.With("maxObjectBytes", *c.MaxObjectBytes)
	}

	if c.ContentTypes != nil {
		e = e.With("contentTypes", *c.ContentTypes)
	}

	if c.KeepVersions != nil {
		e = e.With("keepVersions", *c.KeepVersions)
	}

	return e
}

// Update changes a datastore. Errors: fault.Invalid naming the field; fault.NotFound; fault.Conflict if the name is
// taken.
func (s *Service) Update(ctx context.Context, a authz.Actor, id ID, c UpdateRequest) (Datastore, error) {
	if err := c.check(); err != nil {
		return Datastore{}, err
	}

	if c.Labels != nil {
		sorted, err := label.Sorted(*c.Labels)
		if err != nil {
			return Datastore{}, err
		}

		c.Labels = &sorted
	}

	entry := audit.Record(a, audit.DatastoreUpdated).AwaitsTarget("datastore").MayHave("labels")
	return s.store.Update(ctx, id, c, c.record(entry))
}

// Settler turns uploads whose bytes have landed into objects.
type Settler interface {
	// SettleAll settles every open upload of a datastore. Errors: fault.Unavailable if storage could not be asked.
	SettleAll(ctx context.Context, a authz.Actor, in ID) error
}

// Delete removes a datastore, and returns what deletes its objects in the background; nil if it had none. Its open
// uploads are cancelled. Without force it must have none: uploads that have landed are settled first, and count.
// Forced, it asks nothing of storage.
//
// Errors: fault.NotFound; fault.InUse with `count` while it has objects, unless forced; fault.Unavailable.
func (s *Service) Delete(ctx context.Context, a authz.Actor, id ID, force bool) (*Deletion, error) {
	if !force {
		if err := s.settler.SettleAll(ctx, a, id); err != nil {
			return nil, err
		}
	}

	work := Deletion{ID: ident.New[Deletion](), DatastoreID: id, CreatedBy: a.Who}
	return s.store.Delete(ctx, work, force, audit.Record(a, audit.DatastoreDeleted).AwaitsTarget("datastore").
		With("forced", force).Awaits("uploadsCancelled").MayHave("objects", "usedBytes", "deletionId"))
}

// RefuseDelete returns fault.InUse, with count, if the datastore has objects and the deletion is not forced.
func (d Datastore) RefuseDelete(force bool) error {
	if d.ObjectCount == 0 || force {
		return nil
	}

	return fault.Field(fault.InUse, "datastoreId", "The datastore is not empty (objects: %d): delete them first, or "+
		"force it.", d.ObjectCount).With("count", d.ObjectCount)
}

// NameTaken says that another datastore has the name.
func NameTaken() *fault.Error {
	return fault.Field(fault.Conflict, "name", "A datastore of this name exists already.")
}
