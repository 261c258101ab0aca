package object

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
)

// Source is a version that is there already.
type Source struct {
	DatastoreID datastore.ID
	Key         string
	// Version is nil for whichever is current.
	Version *int32
}

// Detail returns the source of a copy as the event has it, with the version that was found.
func (s Source) Detail(version int32) map[string]any {
	return map[string]any{"datastoreId": s.DatastoreID, "key": s.Key, "version": version}
}

// CopyRequest asks for a version of one key as the next version of another.
type CopyRequest struct {
	From      Source
	TargetID  datastore.ID
	TargetKey string
	// IfTargetVersion is the version of the target that must be current, 0 for none; nil for any.
	IfTargetVersion *int32
	// IfTargetVersionID is the id of the target's version that must be current; nil for any. Calls that are remembered
	// have none.
	IfTargetVersionID *VersionID `json:",omitzero"`
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string `json:"-"`
}

// Copy makes a version of one key the next version of another key, also in another datastore, or of the same key. No
// bytes move: both versions refer to them, and both count.
//
// Errors: fault.Invalid naming `targetKey`, `ifTargetVersion`, or `targetDatastoreId` if that takes no such object;
// fault.NotFound; fault.Conflict with currentVersion; fault.QuotaExceeded; fault.Unavailable; those of idempotency.Do.
func (s *Service) Copy(ctx context.Context, a authz.Actor, r CopyRequest) (Version, error) {
	if err := checkKey("targetKey", r.TargetKey); err != nil {
		return Version{}, err
	}

	if r.IfTargetVersion != nil && *r.IfTargetVersion < 0 {
		return Version{}, fault.Field(fault.Invalid, "ifTargetVersion",
			"A version counts from 1; 0 means that the target key must be new.")
	}

	call := idempotency.Call{Mutation: "copyObject", Key: r.IdempotencyKey, Input: r}
	return idempotency.Do(ctx, s.once, a, call, func(ctx context.Context, c idempotency.Claim) (Version, error) {
		if _, err := s.Find(ctx, a, r.From.DatastoreID, r.From.Key); err != nil {
			return Version{}, err
		}

		if err := s.settler.SettleKey(ctx, a, []datastore.ID{r.TargetID}, r.TargetKey); err != nil {
			return Version{}, err
		}

		to := WriteRequest{
			DatastoreID: r.TargetID,
			Key:         r.TargetKey,
			Only:        Precondition{r.IfTargetVersion, r.IfTargetVersionID},
			Version:     Version{ID: VersionID(c.TargetID), CreatedBy: a.Who},
			Names: FieldNames{
				Datastore: "targetDatastoreId",
				IfVersion: "ifTargetVersion",
				Size:      "targetDatastoreId",
				Type:      "targetDatastoreId",
			},
		}
		v, free, err := s.store.CopyVersion(ctx, r.From, to, AwaitsVersion(audit.Record(a, audit.ObjectCreated)).
			Named(c.EventID).With("datastoreId", r.TargetID).Awaits("source"))
		s.reaper.Free(ctx, a, free)
		return v, err
	}, s.again(a))
}

// RestoreRequest asks for an earlier version as the next version of the same key.
type RestoreRequest struct {
	DatastoreID datastore.ID
	Key         string
	Version     int32
	// IfVersion is the version that must be current; nil for any.
	IfVersion *int32
	// IfVersionID is the id of the version that must be current; nil for any. Calls that are remembered have none.
	IfVersionID *VersionID `json:",omitzero"`
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string `json:"-"`
}

// Restore makes an earlier version current again, as a new version. No bytes move: both refer to them, and both count.
//
// Errors: fault.Invalid naming `version` if the datastore does not take it any more; fault.NotFound; fault.Conflict,
// with currentVersion if another is current than must be, naming `version` if it is current; fault.QuotaExceeded;
// fault.Unavailable; those of idempotency.Do.
func (s *Service) Restore(ctx context.Context, a authz.Actor, r RestoreRequest) (Version, error) {
	call := idempotency.Call{Mutation: "restoreObjectVersion", Key: r.IdempotencyKey, Input: r}
	return idempotency.Do(ctx, s.once, a, call, func(ctx context.Context, c idempotency.Claim) (Version, error) {
		if _, err := s.Find(ctx, a, r.DatastoreID, r.Key); err != nil {
			return Version{}, err
		}

		to := WriteRequest{
			DatastoreID: r.DatastoreID,
			Key:         r.Key,
			Only:        Precondition{r.IfVersion, r.IfVersionID},
			Version:     Version{ID: VersionID(c.TargetID), CreatedBy: a.Who},
			Names:       FieldNames{Datastore: "datastoreId", IfVersion: "ifVersion", Size: "version", Type: "version"},
		}
		v, free, err := s.store.RestoreVersion(ctx, r.Version, to, AwaitsVersion(audit.Record(a, audit.ObjectRestored)).
			Named(c.EventID).With("datastoreId", r.DatastoreID).With("from", r.Version))
		s.reaper.Free(ctx, a, free)
		return v, err
	}, s.again(a))
}

// again returns the version that a call has made. Errors: fault.NotFound if it is not kept any more.
func (s *Service) again(a authz.Actor) func(context.Context, idempotency.Result) (Version, error) {
	return func(ctx context.Context, done idempotency.Result) (Version, error) {
		v, err := s.FindMade(ctx, a, done)
		if err == nil && v == nil {
			err = fault.New(fault.NotFound, "This call was carried out before; the version that it made is not kept "+
				"any more.")
		}

		if err != nil {
			return Version{}, err
		}

		return *v, nil
	}
}

// FindMade returns the version that a call has made, which no number names for long: a renamed object may have others.
// It returns nil if the version is not kept any more.
func (s *Service) FindMade(ctx context.Context, a authz.Actor, done idempotency.Result) (*Version, error) {
	found, err := s.store.Versions(ctx, a.Workspace, []VersionID{VersionID(done.MadeID)})
	if err != nil || len(found) == 0 {
		return nil, err
	}

	return &found[0], nil
}

// NotKept says that an object has no such version, or not any more.
func NotKept() error {
	return fault.Field(fault.NotFound, "version", "This version of the object is not kept.")
}

// Restless says that an object was replaced again and again while it was to be copied.
func Restless(err error) error {
	return fault.New(fault.Unavailable, "The object is replaced faster than it can be copied: nothing was done. "+
		"Try again.").Because(err)
}

// IsCurrent says that a version cannot be restored because it is current.
func IsCurrent() error {
	return fault.Field(fault.Conflict, "version", "This version is current already.")
}
