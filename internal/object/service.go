package object

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/page"
)

// MaxContentBytes is the most content that an answer carries; larger objects go through a download URL.
const MaxContentBytes = 256 << 10

// MaxURLAge is how long a signed URL may live.
const MaxURLAge = 24 * time.Hour

// Filter says which objects to list; the zero value means all.
type Filter struct {
	// Prefix is what their keys start with.
	Prefix string
	// Folder is what stands in their keys up to the last slash, with that: empty for keys without one.
	Folder *string
}

// starts is what all keys start with that the filter lets through.
func (f Filter) starts() string {
	if f.Folder != nil && len(*f.Folder) > len(f.Prefix) {
		return *f.Folder
	}

	return f.Prefix
}

// Store keeps the index of objects.
type Store interface {
	PutStore
	// At returns the objects that datastores have at a key, in any order; a datastore that has none is left out.
	At(ctx context.Context, ws authz.WorkspaceID, in []datastore.ID, key string) ([]Object, error)
	// Get returns those of the ids that exist in the workspace, in any order.
	Get(ctx context.Context, ws authz.WorkspaceID, ids []ID) ([]Object, error)
	// Versions returns those of the ids that exist in the workspace, in any order.
	Versions(ctx context.Context, ws authz.WorkspaceID, ids []VersionID) ([]Version, error)
	// List returns each datastore's objects by key; their page key is their key.
	List(ctx context.Context, ws authz.WorkspaceID, in []datastore.ID, f Filter,
		r page.Request) ([]page.Page[Object], error)
	// ListFolders returns each datastore's folders below a prefix, in the order of their keys; their page key is their
	// prefix.
	ListFolders(ctx context.Context, ws authz.WorkspaceID, in []datastore.ID, below Below,
		r page.Request) ([]page.Page[Folder], error)
	// VersionAt returns one version of an object; found is false if it is not kept.
	VersionAt(ctx context.Context, ws authz.WorkspaceID, of ID, number int32) (v Version, found bool, err error)
	// ListVersions returns each object's versions, newest first; their page key is their number.
	ListVersions(ctx context.Context, ws authz.WorkspaceID, of []ID, r page.Request) ([]page.Page[Version], error)
	// CopyVersion makes the bytes of a version the next version of a key, with what is said of them, and returns it
	// with the blobs that nothing refers to any more.
	// Errors: fault.NotFound; fault.Invalid if the datastore takes no such object; fault.Conflict with currentVersion;
	// fault.QuotaExceeded.
	CopyVersion(ctx context.Context, from Source, to WriteRequest, e audit.Entry) (Version, []BlobID, error)
	// RestoreVersion is CopyVersion of an earlier version of the same key. Errors: those; fault.Conflict naming
	// `version` if it is current.
	RestoreVersion(ctx context.Context, number int32, to WriteRequest, e audit.Entry) (Version, []BlobID, error)
	// UpdateMetadata is CopyVersion of the current version of the same key, with the metadata of the one to write.
	// Where the metadata is the same, nothing is written, and it returns the current version.
	UpdateMetadata(ctx context.Context, to WriteRequest, e audit.Entry) (Version, []BlobID, error)
	// Rename gives the object at a key another one, which none has, and returns it.
	// Errors: fault.NotFound; fault.Conflict.
	Rename(ctx context.Context, r RenameRequest, e audit.Entry) (Object, error)
	// Delete removes the object at a key, its versions too, and returns it, with the blobs that nothing refers
	// to any more.
	// Errors: fault.NotFound; fault.Conflict with currentVersion if another version is current than the one that must
	// be.
	Delete(ctx context.Context, in datastore.ID, key string, only Precondition, e audit.Entry) (Object,
		[]BlobID, error)

	audit.Recorder
}

// Settler turns uploads whose bytes have landed into objects.
type Settler interface {
	// SettleKey settles the open uploads of a key in each datastore. Errors: fault.Unavailable if storage could not be
	// asked.
	SettleKey(ctx context.Context, a authz.Actor, in []datastore.ID, key string) error
	// SettlePrefix settles some of the open uploads of the keys that start with prefix, within a second.
	SettlePrefix(ctx context.Context, a authz.Actor, in []datastore.ID, prefix string) error
	// Absent returns NotFound of a key that has no object. If an upload to the key was rejected, it says why, to an
	// actor who may see uploads. Errors: fault.Unavailable instead.
	Absent(ctx context.Context, a authz.Actor, in datastore.ID, key string) error
}

// Service answers for objects.
type Service struct {
	store   Store
	blobs   Blobs
	settler Settler
	reaper  *Reaper
	once    *idempotency.Service
	now     func() time.Time
	log     *slog.Logger
}

// NewService returns a service on an index, a storage, what settles uploads before a read, what drops freed blobs, and
// what carries out calls once.
func NewService(
	store Store, blobs Blobs, settler Settler, reaper *Reaper, once *idempotency.Service, now func() time.Time,
	log *slog.Logger,
) *Service {
	return &Service{store: store, blobs: blobs, settler: settler, reaper: reaper, once: once, now: now, log: log}
}

// Find returns the object at a key, an upload that has landed there included.
//
// Errors: fault.NotFound, with `rejection` and `uploadId` if an upload to the key was rejected and the actor may
// see uploads; fault.Unavailable.
func (s *Service) Find(ctx context.Context, a authz.Actor, in datastore.ID, key string) (Object, error) {
	found, err := s.FindAt(ctx, a, []datastore.ID{in}, key)
	if err != nil {
		return Object{}, err
	}

	switch {
	case found[0] != nil:
		return *found[0], nil
	case checkForm("key", key) != nil:
		return Object{}, NotFound()
	}

	return Object{}, s.settler.Absent(ctx, a, in, key)
}

// FindAt returns what each datastore has at a key, in order, uploads that have landed there included; nil where there
// is nothing.
//
// Errors: fault.Unavailable.
func (s *Service) FindAt(ctx context.Context, a authz.Actor, in []datastore.ID, key string) ([]*Object, error) {
	found := make([]*Object, len(in))
	if bad := checkForm("key", key); bad != nil {
		return found, nil //nolint:nilerr // no object has such a key
	}

	if err := s.settler.SettleKey(ctx, a, in, key); err != nil {
		return nil, err
	}

	objects, err := s.store.At(ctx, a.Workspace, in, key)
	for i := range objects {
		found[slices.Index(in, objects[i].DatastoreID)] = &objects[i]
	}

	return found, err
}

// FindAll returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindAll(ctx context.Context, a authz.Actor, ids []ID) ([]Object, error) {
	return s.store.Get(ctx, a.Workspace, ids)
}

// FindVersions returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindVersions(ctx context.Context, a authz.Actor, ids []VersionID) ([]Version, error) {
	return s.store.Versions(ctx, a.Workspace, ids)
}

// Versions returns each object's versions, newest first.
func (s *Service) Versions(ctx context.Context, a authz.Actor, of []ID, r page.Request) ([]page.Page[Version], error) {
	return s.store.ListVersions(ctx, a.Workspace, of, r)
}

// List returns each datastore's objects by key, uploads that have landed included. A storage that does not answer
// never fails a list.
func (s *Service) List(
	ctx context.Context, a authz.Actor, in []datastore.ID, f Filter, r page.Request,
) ([]page.Page[Object], error) {
	s.settle(ctx, a, in, f.starts())
	return s.store.List(ctx, a.Workspace, in, f, r)
}

func (s *Service) settle(ctx context.Context, a authz.Actor, in []datastore.ID, prefix string) {
	if err := s.settler.SettlePrefix(ctx, a, in, prefix); err != nil {
		s.log.WarnContext(ctx, "uploads were not settled before a list", "error", err)
	}
}

// Delete removes the object at a key with all its versions, an upload that has landed there included.
//
// Errors: fault.NotFound; fault.Conflict with currentVersion if another version is current than the one that must be;
// fault.Unavailable.
func (s *Service) Delete(
	ctx context.Context, a authz.Actor, in datastore.ID, key string, only Precondition, also ...OnRecord,
) (ID, error) {
	if _, err := s.Find(ctx, a, in, key); err != nil {
		return "", err
	}

	entry := audit.Record(a, audit.ObjectDeleted).AwaitsTarget("object").With("datastoreId", in).With("key", key).
		Awaits("version")
	for _, on := range also {
		entry = on(entry)
	}

	o, free, err := s.store.Delete(ctx, in, key, only, entry)
	if err != nil {
		return "", err
	}

	s.reaper.Free(ctx, a, free)
	return o.ID, nil
}
