package object

import (
	"context"
	"errors"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

// PutRequest asks for bytes to become the next version of a key.
type PutRequest struct {
	DatastoreID datastore.ID
	Key         string
	// Content has at most MaxContentBytes; ContentField is the input that it came by, for errors.
	Content      []byte
	ContentField string
	ContentType  string
	// IfVersion is the version that must be current, 0 for none; nil for any.
	IfVersion *int32
	// IfVersionID is the id of the version that must be current; nil for any.
	IfVersionID *VersionID
	// Run is the step of a run that writes; nil for none.
	Run *ident.Run
}

// PutStore makes objects of what was written.
type PutStore interface {
	// Put makes the bytes of a blob the next version of a key. It returns the version, and the blobs that
	// nothing refers to any more.
	// Errors: fault.NotFound without the datastore; fault.Conflict with currentVersion; fault.Invalid if the datastore
	// does not take it; fault.QuotaExceeded.
	Put(ctx context.Context, n WriteRequest, e audit.Entry) (Version, []BlobID, error)
}

// Put makes bytes the next version of a key. It writes the bytes to storage first, then commits the version; if the
// commit fails, it drops the bytes. Before both it settles the uploads that have landed at the key, so that these get
// the earlier versions.
//
// Errors:  fault.Invalid naming `key`, `contentType` or the content; fault.NotFound; fault.Conflict with
// currentVersion if another version is current than must be; fault.QuotaExceeded; fault.Unavailable, after which it
// may or may not have been done.
// Effects: where nobody knows whether the commit came through, the blob is left to the reconciler.
func (s *Service) Put(ctx context.Context, a authz.Actor, r PutRequest, also OnRecord) (Version, error) {
	if err := r.check(); err != nil {
		return Version{}, err
	}

	if err := s.settler.SettleKey(ctx, a, []datastore.ID{r.DatastoreID}, r.Key); err != nil {
		return Version{}, err
	}

	id := ident.New[blob]() // of this attempt alone: to drop it takes nothing from another one
	written, err := s.blobs.Write(ctx, BlobPlace(a.Region, id), r.Content, r.ContentType)
	if err != nil {
		s.reaper.Free(ctx, a, []BlobID{id})
		return Version{}, err
	}

	next := r.next(a, id, written)
	entry := AwaitsVersion(audit.Record(a, audit.ObjectCreated)).With("datastoreId", r.DatastoreID).
		With("versionId", next.Version.ID)
	v, free, err := s.store.Put(ctx, next, also.of(entry))
	if err == nil {
		s.reaper.Free(ctx, a, free)
	} else if !errors.Is(err, fault.ErrUnconfirmed) {
		s.reaper.Free(ctx, a, []BlobID{id})
	}

	return v, err
}

func (r PutRequest) check() error {
	if err := CheckKey(r.Key); err != nil {
		return err
	}

	return CheckContentType("contentType", r.ContentType)
}

func (r PutRequest) next(a authz.Actor, id BlobID, w WriteResult) WriteRequest {
	return WriteRequest{
		DatastoreID: r.DatastoreID,
		Key:         r.Key,
		Only:        Precondition{r.IfVersion, r.IfVersionID},
		LandedAt:    &w.At,
		Version: Version{
			ID:          ident.New[Version](),
			BlobID:      id,
			SizeBytes:   int64(len(r.Content)),
			ContentType: r.ContentType,
			CRC32C:      w.CRC32C,
			MD5:         &w.MD5,
			Metadata:    []byte("{}"),
			WrittenBy:   r.Run,
			CreatedBy:   a.Who,
		},
		Names: FieldNames{Datastore: "datastoreId", IfVersion: "ifVersion", Size: r.ContentField, Type: "contentType"},
	}
}
