package object

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
)

// RenameRequest asks for another key for an object.
type RenameRequest struct {
	DatastoreID datastore.ID
	Key         string
	NewKey      string
	// IfVersion is the version that must be current; nil for any.
	IfVersion *int32
	// IfVersionID is the id of the version that must be current; nil for any.
	IfVersionID *VersionID `json:",omitzero"`
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string `json:"-"`
}

// Only is the version that must be current.
func (r RenameRequest) Only() Precondition { return Precondition{r.IfVersion, r.IfVersionID} }

// Rename gives an object another key in its datastore, at which nothing may be. The object and its versions keep their
// ids, and no bytes move.
//
// Numbers belong to keys: where the new key has had one of the numbers before, all go up by the same, above them.
//
// Errors: fault.Invalid naming `newKey`; fault.NotFound; fault.Conflict naming `newKey` if an object is there, or with
// currentVersion; fault.Unavailable; those of idempotency.Do.
func (s *Service) Rename(ctx context.Context, a authz.Actor, r RenameRequest) (Object, error) {
	if err := checkKey("newKey", r.NewKey); err != nil {
		return Object{}, err
	}

	if r.Key == r.NewKey {
		return Object{}, fault.Field(fault.Invalid, "newKey", "The new key is the key that the object has.")
	}

	call := idempotency.Call{Mutation: "renameObject", Key: r.IdempotencyKey, Input: r}
	return idempotency.Do(ctx, s.once, a, call, func(ctx context.Context, c idempotency.Claim) (Object, error) {
		if _, err := s.Find(ctx, a, r.DatastoreID, r.Key); err != nil {
			return Object{}, err
		}

		if err := s.settler.SettleKey(ctx, a, []datastore.ID{r.DatastoreID}, r.NewKey); err != nil {
			return Object{}, err
		}

		return s.store.Rename(ctx, r, audit.Record(a, audit.ObjectRenamed).Named(c.EventID).AwaitsTarget("object").
			With("datastoreId", r.DatastoreID).With("from", r.Key).Awaits("version", "versionBefore"))
	}, func(ctx context.Context, done idempotency.Result) (Object, error) {
		found, err := s.store.Get(ctx, a.Workspace, []ID{ID(done.TargetID)})
		if err == nil && len(found) == 0 {
			err = fault.New(fault.NotFound, "This call was carried out before; the object has been deleted since.")
		}

		if err != nil {
			return Object{}, err
		}

		return found[0], nil
	})
}

// KeyTaken says that an object is at the key that another one is to get.
func KeyTaken() error {
	return fault.Field(fault.Conflict, "newKey", "There is an object at this key already: delete it first, or take "+
		"another key.")
}
