package object

import (
	"context"
	"log/slog"
	"time"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
)

// MaxContentBytes is the most content that an answer carries; larger objects go through a download URL.
const MaxContentBytes = 256 << 10

// MaxURLAge is how long a signed URL may live.
const MaxURLAge = 24 * time.Hour

// Store keeps the index of objects.
type Store interface {
	// ObjectAt returns the object at a key; found is false when there is none.
	ObjectAt(ctx context.Context, ws authz.WorkspaceID, in datastore.ID, key string) (o Object, found bool, err error)
	// Objects returns those of the ids that exist in the workspace, in any order.
	Objects(ctx context.Context, ws authz.WorkspaceID, ids []ID) ([]Object, error)
	// Versions returns those of the ids that exist in the workspace, in any order.
	Versions(ctx context.Context, ws authz.WorkspaceID, ids []VersionID) ([]Version, error)
	// ListObjects returns a datastore's objects by key, those whose key starts with prefix; their page key is their key.
	ListObjects(ctx context.Context, ws authz.WorkspaceID, in datastore.ID, prefix string, r page.Request) (page.Page[Object], error)
	// DeleteObject removes the object at a key and returns it, with the blobs that nothing refers to any more.
	// Errors: fault.NotFound; fault.Conflict with currentVersion if ifVersion is another.
	DeleteObject(ctx context.Context, in datastore.ID, key string, ifVersion *int32, e audit.Entry) (Object, []BlobID, error)
	// Record puts a read on record.
	Record(ctx context.Context, e audit.Entry) error
}

// Settler turns uploads whose bytes have landed into objects.
type Settler interface {
	// SettleKey settles the open uploads of a key. Errors: fault.Unavailable if storage could not be asked.
	SettleKey(ctx context.Context, a authz.Actor, in datastore.ID, key string) error
	// SettlePrefix settles some of the open uploads of the keys that start with prefix, within a second.
	SettlePrefix(ctx context.Context, a authz.Actor, in datastore.ID, prefix string) error
}

// Service answers for objects.
type Service struct {
	store   Store
	blobs   Blobs
	settler Settler
	reaper  *Reaper
	now     func() time.Time
	log     *slog.Logger
}

// NewService returns a service on an index, a storage, what settles uploads before a read, and what drops freed blobs.
func NewService(store Store, blobs Blobs, settler Settler, reaper *Reaper, now func() time.Time, log *slog.Logger) *Service {
	return &Service{store: store, blobs: blobs, settler: settler, reaper: reaper, now: now, log: log}
}

// Find returns the object at a key, an upload that has landed there included. Errors: fault.NotFound; fault.Unavailable.
func (s *Service) Find(ctx context.Context, a authz.Actor, in datastore.ID, key string) (Object, error) {
	if CheckKey(key) != nil {
		return Object{}, NotFound()
	}
	if err := s.settler.SettleKey(ctx, a, in, key); err != nil {
		return Object{}, err
	}
	o, found, err := s.store.ObjectAt(ctx, a.Workspace, in, key)
	if err == nil && !found {
		err = NotFound()
	}
	return o, err
}

// FindAll returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindAll(ctx context.Context, a authz.Actor, ids []ID) ([]Object, error) {
	return s.store.Objects(ctx, a.Workspace, ids)
}

// FindVersions returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindVersions(ctx context.Context, a authz.Actor, ids []VersionID) ([]Version, error) {
	return s.store.Versions(ctx, a.Workspace, ids)
}

// List returns a datastore's objects by key, uploads that have landed included. A storage that does not answer never fails a list.
func (s *Service) List(ctx context.Context, a authz.Actor, in datastore.ID, prefix string, r page.Request) (page.Page[Object], error) {
	if err := s.settler.SettlePrefix(ctx, a, in, prefix); err != nil {
		s.log.WarnContext(ctx, "uploads were not settled before a list", "datastore", in, "error", err)
	}
	return s.store.ListObjects(ctx, a.Workspace, in, prefix, r)
}

// Delete removes the object at a key, an upload that has landed there included.
//
// Errors: fault.NotFound; fault.Conflict with currentVersion if ifVersion is another; fault.Unavailable.
func (s *Service) Delete(ctx context.Context, a authz.Actor, in datastore.ID, key string, ifVersion *int32) (ID, error) {
	if _, err := s.Find(ctx, a, in, key); err != nil {
		return "", err
	}
	o, free, err := s.store.DeleteObject(ctx, in, key, ifVersion, audit.Record(a, audit.ObjectDeleted).With("datastoreId", in).With("key", key))
	if err != nil {
		return "", err
	}
	s.reaper.Free(ctx, a, free)
	return o.ID, nil
}

// Content is the first bytes of an object version.
type Content struct {
	Bytes     []byte
	Truncated bool
}

// Text returns the bytes as text, or nil when they are not UTF-8.
func (c Content) Text() *string {
	if !utf8.Valid(c.Bytes) {
		return nil
	}
	text := string(c.Bytes)
	return &text
}

// Read returns the first bytes of a version, once the read is on record.
//
// Units: most in bytes, 1 to MaxContentBytes. Errors: fault.Invalid naming `maxBytes`; fault.NotFound; fault.Unavailable.
func (s *Service) Read(ctx context.Context, a authz.Actor, id VersionID, most int32) (Content, error) {
	if most < 1 || most > MaxContentBytes {
		return Content{}, fault.Field(fault.Invalid, "maxBytes", "Content has 1 to %d bytes; get a download URL for more.", MaxContentBytes)
	}
	versions, err := s.store.Versions(ctx, a.Workspace, []VersionID{id})
	if err != nil {
		return Content{}, err
	}
	if len(versions) == 0 {
		return Content{}, NotFound()
	}
	v := versions[0]
	if err := s.recordRead(ctx, a, v); err != nil {
		return Content{}, err
	}
	bytes, err := s.blobs.Read(ctx, BlobPlace(a.Region, v.BlobID), int64(most))
	return Content{Bytes: bytes, Truncated: v.SizeBytes > int64(len(bytes))}, err
}

// recordRead puts on record that content is about to be read.
func (s *Service) recordRead(ctx context.Context, a authz.Actor, v Version) error {
	objects, err := s.store.Objects(ctx, a.Workspace, []ID{v.ObjectID})
	if err != nil {
		return err
	}
	if len(objects) == 0 {
		return NotFound()
	}
	return s.store.Record(ctx, readEntry(a, objects[0], v).With("how", "content"))
}

func readEntry(a authz.Actor, o Object, v Version) audit.Entry {
	return audit.Record(a, audit.ObjectRead).On("object", o.ID.String(), o.Key).
		With("datastoreId", o.DatastoreID).With("versionId", v.ID).With("version", v.Version)
}
