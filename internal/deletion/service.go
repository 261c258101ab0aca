// Package deletion deletes many objects in the background: all below a prefix, or a whole datastore. A deletion removes
// what existed when it began, and nothing that was written later. Callers see its progress. Any number of servers may
// work on deletions; each deletion has one server at a time (see docs/adr/0030).
package deletion

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
)

// Deletion is the work of deleting objects; datastores know of it too, for deleting one begins it.
type Deletion = datastore.Deletion

// ID names a deletion.
type ID = datastore.DeletionID

// mostCounted bounds how many versions a request counts, so that it takes a moment only.
const mostCounted = 20_000

// settleTime bounds how long a dry run settles landed uploads.
const settleTime = 500 * time.Millisecond

// Count is how much there is.
type Count struct {
	Objects int64
	// Bytes of all versions.
	Bytes int64
	// AtLeast is whether there may be more.
	AtLeast bool
}

// Store keeps deletions.
type Store interface {
	// CountObjects counts the versions of a datastore below a prefix, up to a limit; beyond it the count says that
	// there are more. It locks nothing.
	// Errors: fault.NotFound without the datastore.
	CountObjects(ctx context.Context, ws authz.WorkspaceID, in datastore.ID, prefix string, most int) (Count, error)
	// Begin stores a deletion of the objects that exist at this moment. Its time does not depend on their
	// number; if the deletion is Counting, a worker counts the rest later. Without objects it is done at once. Errors:
	// fault.NotFound without the datastore; fault.QuotaExceeded while too many are under way.
	Begin(ctx context.Context, d Deletion, e audit.Entry) (*Deletion, error)
	// Get returns those of the ids that exist in the workspace, in any order.
	Get(ctx context.Context, ws authz.WorkspaceID, ids []ID) ([]Deletion, error)
}

// Settler turns uploads whose bytes have landed into objects.
type Settler interface {
	// SettleBelow settles every open upload of the keys that start with prefix. Errors: fault.Unavailable if storage
	// could not be asked.
	SettleBelow(ctx context.Context, a authz.Actor, in datastore.ID, prefix string) error
}

// Service answers for deletions.
type Service struct {
	store   Store
	settler Settler
}

// NewService returns a service on a store, and what settles uploads before objects are counted.
func NewService(store Store, settler Settler) *Service {
	return &Service{store: store, settler: settler}
}

// BeginRequest names the objects to delete.
type BeginRequest struct {
	DatastoreID datastore.ID
	// Prefix of the keys; empty for all.
	Prefix string
	// DryRun only counts.
	DryRun bool
}

// BeginResult is the answer to a BeginRequest.
type BeginResult struct {
	// Count is of a moment before the deletion began.
	Count
	// Deletion is nil for a dry run.
	Deletion *Deletion
}

// Begin deletes the objects below a prefix in the background, including uploads whose bytes have landed. Objects
// written later stay. An object that is replaced before the deletion reaches it stays too, with its history: its
// current version is none of those to be deleted.
//
// A dry run spends at most settleTime on settling landed uploads, and calls storage for nothing else.
//
// Errors: fault.Invalid naming `prefix`; fault.NotFound; fault.QuotaExceeded while too many are under way;
// fault.Unavailable.
func (s *Service) Begin(ctx context.Context, a authz.Actor, r BeginRequest) (BeginResult, error) {
	if len(r.Prefix) > object.MaxKeyBytes {
		return BeginResult{}, fault.Field(fault.Invalid, "prefix",
			"A prefix has at most %d bytes, as a key has; this one has %d.", object.MaxKeyBytes, len(r.Prefix))
	}

	settled, err := s.settle(ctx, a, r)
	if err != nil {
		return BeginResult{}, err
	}

	count, err := s.store.CountObjects(ctx, a.Workspace, r.DatastoreID, r.Prefix, mostCounted)
	if count.AtLeast = count.AtLeast || !settled; err != nil || r.DryRun {
		return BeginResult{Count: count}, err
	}

	d := Deletion{
		ID:           ident.New[Deletion](),
		DatastoreID:  r.DatastoreID,
		Prefix:       &r.Prefix,
		Counting:     count.AtLeast,
		ObjectsTotal: count.Objects,
		CreatedBy:    a.Who,
	}
	entry := audit.Record(a, audit.PrefixDeleted).AwaitsTarget("datastore").With("prefix", r.Prefix).
		With("deletionId", d.ID).With("objects", count.Objects).With("usedBytes", count.Bytes).
		With("atLeast", count.AtLeast)
	begun, err := s.store.Begin(ctx, d, entry)
	if err != nil {
		return BeginResult{}, err
	}

	return BeginResult{Count: count, Deletion: begun}, nil
}

// settle turns landed uploads into objects; all is false if a dry run could not wait for all of them.
func (s *Service) settle(ctx context.Context, a authz.Actor, r BeginRequest) (all bool, err error) {
	if !r.DryRun {
		return true, s.settler.SettleBelow(ctx, a, r.DatastoreID, r.Prefix)
	}

	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	return s.settler.SettleBelow(ctx, a, r.DatastoreID, r.Prefix) == nil, nil
}

// FindAll returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindAll(ctx context.Context, a authz.Actor, ids []ID) ([]Deletion, error) {
	return s.store.Get(ctx, a.Workspace, ids)
}
