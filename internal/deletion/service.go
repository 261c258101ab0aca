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

// mostCounted is how many versions a request counts: what takes a moment.
const mostCounted = 20_000

// settleTime is how long a dry run spends on settling what has landed.
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
	// BeginDeletion keeps a deletion of what is there at this moment. It takes as long, whatever there is; if it is
	// Counting, the rest is counted later. With nothing there it is done at once. Errors: fault.NotFound without the
	// datastore; fault.QuotaExceeded while too many are under way.
	BeginDeletion(ctx context.Context, d Deletion, e audit.Entry) (*Deletion, error)
	// Deletions returns those of the ids that exist in the workspace, in any order.
	Deletions(ctx context.Context, ws authz.WorkspaceID, ids []ID) ([]Deletion, error)
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

// Request is what somebody wants deleted.
type Request struct {
	DatastoreID datastore.ID
	// Prefix of the keys; empty for all.
	Prefix string
	// DryRun only counts.
	DryRun bool
}

// Begun is what a request comes to.
type Begun struct {
	// Count is that of a moment before it began.
	Count
	// Deletion is nil for a dry run.
	Deletion *Deletion
}

// Begin has the objects below a prefix deleted in the background, those whose bytes have landed included. What is
// written from then on stays, and so does an object that is replaced before its turn comes, with its history: what was
// to be deleted is not what is current any more.
//
// A dry run spends a moment on what has landed, and asks nothing more of storage.
//
// Errors: fault.Invalid naming `prefix`; fault.NotFound; fault.QuotaExceeded while too many are under way;
// fault.Unavailable.
func (s *Service) Begin(ctx context.Context, a authz.Actor, r Request) (Begun, error) {
	if len(r.Prefix) > object.MaxKeyBytes {
		return Begun{}, fault.Field(fault.Invalid, "prefix",
			"A prefix has at most %d bytes, as a key has; this one has %d.", object.MaxKeyBytes, len(r.Prefix))
	}

	settled, err := s.settle(ctx, a, r)
	if err != nil {
		return Begun{}, err
	}

	count, err := s.store.CountObjects(ctx, a.Workspace, r.DatastoreID, r.Prefix, mostCounted)
	if count.AtLeast = count.AtLeast || !settled; err != nil || r.DryRun {
		return Begun{Count: count}, err
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
		With("deletionId", d.ID).With("objects", count.Objects).With("usedBytes", count.Bytes).With("atLeast", count.AtLeast)
	begun, err := s.store.BeginDeletion(ctx, d, entry)
	if err != nil {
		return Begun{}, err
	}

	return Begun{Count: count, Deletion: begun}, nil
}

// settle turns what has landed into objects; all is false if a dry run could not wait for it.
func (s *Service) settle(ctx context.Context, a authz.Actor, r Request) (all bool, err error) {
	if !r.DryRun {
		return true, s.settler.SettleBelow(ctx, a, r.DatastoreID, r.Prefix)
	}

	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	return s.settler.SettleBelow(ctx, a, r.DatastoreID, r.Prefix) == nil, nil
}

// FindAll returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindAll(ctx context.Context, a authz.Actor, ids []ID) ([]Deletion, error) {
	return s.store.Deletions(ctx, a.Workspace, ids)
}
