package upload

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
)

// Limits of open uploads: of one key, and of a whole workspace.
const (
	MaxOpenOfKey       = 10
	MaxOpenOfWorkspace = 1000
)

// Store keeps uploads.
type Store interface {
	// PolicyOf returns what a datastore takes. Errors: fault.NotFound.
	PolicyOf(ctx context.Context, ws authz.WorkspaceID, in datastore.ID) (datastore.Policy, error)
	// ObjectsAt is that of object.Store.
	ObjectsAt(ctx context.Context, ws authz.WorkspaceID, in []datastore.ID, key string) ([]object.Object, error)
	// Create keeps an open upload and reserves its bytes. Errors: fault.NotFound if there is no such datastore;
	// fault.Conflict if too many are open; fault.QuotaExceeded.
	Create(ctx context.Context, u Upload, e audit.Entry) error
	// ListOpen returns open uploads, oldest first unless the filter says otherwise, at most `most`.
	ListOpen(ctx context.Context, ws authz.WorkspaceID, which OpenFilter, most int) ([]Upload, error)
	// Get returns those of the ids that exist in the workspace, in any order.
	Get(ctx context.Context, ws authz.WorkspaceID, ids []ID) ([]Upload, error)
	// List returns each datastore's uploads, newest first, of one state or, without, those that are no object
	// version; their page key is their id.
	List(ctx context.Context, ws authz.WorkspaceID, in []datastore.ID, s State,
		r page.Request) ([]page.Page[Upload], error)
	// LastSettled returns the upload to a key that was requested last of those completed or rejected, if it is among
	// the last MaxSettled of either kind in its datastore; none of a datastore that is deleted.
	LastSettled(ctx context.Context, ws authz.WorkspaceID, in datastore.ID, key string) (Upload, bool, error)
	// Commit makes the upload an object version, if it is still open, its asker still may and its key still
	// allows it; else it rejects the upload. It records `made` or `rejected`, and returns the upload as it is then, and
	// the blobs that nothing refers to any more.
	Commit(ctx context.Context, u Upload, b Blob, made, rejected audit.Entry) (Upload, []object.BlobID, error)
	// End ends an upload that is still open without an object, and releases its bytes; it returns the upload as
	// it is then.
	End(ctx context.Context, u Upload, s State, why Rejection, e audit.Entry) (Upload, error)
}

// OpenFilter narrows the open uploads to look at; an empty field means any.
type OpenFilter struct {
	In []datastore.ID
	// Key or Prefix of a key.
	Key, Prefix string
	// After puts those with later ids first.
	After ID
	// Since keeps those with later ids, in the order of ids: the pages of all of them begin with the nil UUID.
	Since ID
	// ExpiredBefore keeps those whose URL expired before then.
	ExpiredBefore time.Time
}

// Service answers for uploads.
type Service struct {
	store  Store
	blobs  Blobs
	reaper *object.Reaper
	once   *idempotency.Service
	sealer sealer
	most   int64
	now    func() time.Time
	log    *slog.Logger
	rounds rounds
}

// Options are what a service works with.
type Options struct {
	// Keys are the server's. The URIs of sessions are kept sealed with one that is derived from the first, and opened
	// with that of any.
	Keys [][]byte
	// Once carries out calls once.
	Once *idempotency.Service
	// MaxBytes is the largest file of the deployment.
	MaxBytes int64
	Now      func() time.Time
	Log      *slog.Logger
}

// NewService returns a service on an index and a storage; the reaper drops blobs that nothing refers to.
func NewService(store Store, blobs Blobs, reaper *object.Reaper, o Options) *Service {
	return &Service{
		store:  store,
		blobs:  blobs,
		reaper: reaper,
		once:   o.Once,
		sealer: o.Keys,
		most:   o.MaxBytes,
		now:    o.Now,
		log:    o.Log,
	}
}

// Grant is a new upload with the PUT, or the session of PUTs, that storage accepts for it. Put is empty where a
// repeated call finds an upload that can receive nothing any more.
type Grant struct {
	Upload Upload
	Put    SignedPut
}

// Begin reserves room for a file and signs the PUT of it, or opens a session for its parts. A repeated call gets a URL
// of the same upload with the same expiry, or the same session.
//
// Units:   r.TTL in [1 s, 24 h]; bytes.
// Errors:  fault.Invalid naming the field; fault.NotFound; fault.Conflict if too many uploads are open, or IfVersionID
// is not current; fault.QuotaExceeded; fault.Unavailable; those of idempotency.Do.
// Effects: none on any object: what is PUT lands in staging.
func (s *Service) Begin(ctx context.Context, a authz.Actor, r BeginRequest) (Grant, error) {
	if err := r.check(s.most); err != nil {
		return Grant{}, err
	}

	if page := a.From.Page; r.Resumable && r.Origin == nil && isOrigin(page) {
		r.Origin = &page
	}

	call := idempotency.Call{Mutation: "createUploadURL", Key: r.IdempotencyKey, Input: &r}
	return idempotency.Do(ctx, s.once, a, call, func(ctx context.Context, c idempotency.Claim) (Grant, error) {
		return s.begin(ctx, a, r, c)
	}, func(ctx context.Context, done idempotency.Result) (Grant, error) {
		return s.grantAgain(ctx, a, ID(done.TargetID))
	})
}

func (s *Service) begin(ctx context.Context, a authz.Actor, r BeginRequest, c idempotency.Claim) (Grant, error) {
	u, err := s.draft(ctx, a, r, ID(c.TargetID))
	if err != nil {
		return Grant{}, err
	}

	var put SignedPut
	if r.Resumable {
		put, err = s.openSession(ctx, a, r.Origin, &u)
	} else {
		put, err = s.sign(ctx, a, u)
	}

	if err != nil {
		return Grant{}, err
	}

	if err := s.create(ctx, a, u, u.begun(a).Named(c.EventID)); err != nil {
		if !errors.Is(err, fault.ErrUnconfirmed) { // else it may have been done
			s.endSession(ctx, u)
		}

		return Grant{}, fmt.Errorf("begin upload %s: %w", u.ID, err)
	}

	return Grant{Upload: u, Put: put}, nil
}

// sign returns a PUT that storage accepts for an upload.
func (s *Service) sign(ctx context.Context, a authz.Actor, u Upload) (SignedPut, error) {
	return s.blobs.SignPut(ctx, u.staged(a.Region), PutRule{
		ContentType:     u.ContentType,
		MaxBytes:        u.MaxBytes,
		MD5:             u.md5(),
		ExpiresAt:       u.ExpiresAt,
		ContentTypeOnly: u.ContentTypeOnly,
	})
}

// create keeps an upload. Where there is no room for it, it ends first those that can receive no more bytes, and tries
// once more.
func (s *Service) create(ctx context.Context, a authz.Actor, u Upload, e audit.Entry) error {
	err := s.store.Create(ctx, u, e)
	if !fault.Is(err, fault.QuotaExceeded) && !fault.Is(err, fault.Conflict) {
		return err
	}

	s.endOverdue(ctx, a)
	return s.store.Create(ctx, u, e)
}

func (s *Service) grantAgain(ctx context.Context, a authz.Actor, id ID) (Grant, error) {
	u, err := s.Find(ctx, a, id)
	if err != nil || u.State != Open || !s.now().Before(u.ExpiresAt) {
		return Grant{Upload: u}, err
	}

	if u.Session != nil {
		uri, err := s.sealer.open(u)
		return Grant{Upload: u, Put: SignedPut{URL: uri}}, err
	}

	put, err := s.sign(ctx, a, u)
	return Grant{Upload: u, Put: put}, err
}

// begun is the event of an upload that was allowed.
func (u Upload) begun(by authz.Actor) audit.Entry {
	e := u.Within(audit.Record(by, audit.UploadURLCreated)).On("upload", u.ID.String(), u.Key).
		With("datastoreId", u.DatastoreID).With("contentType", u.ContentType).With("maxBytes", u.MaxBytes).
		With("expiresAt", u.ExpiresAt)
	if u.ContentTypeOnly {
		e = e.With("contentTypeOnly", true)
	}

	if u.Session != nil {
		e = e.With("mode", "RESUMABLE")
	}

	return e
}

// Complete settles an upload. It is safe to repeat.
//
// Errors: fault.NotFound; fault.Conflict while no bytes have arrived; fault.Unavailable.
func (s *Service) Complete(ctx context.Context, a authz.Actor, id ID) (Upload, error) {
	u, err := s.Find(ctx, a, id)
	if err != nil || u.State != Open {
		return u, err
	}

	if u, err = s.settle(ctx, a, u); err != nil {
		return Upload{}, err
	}

	if u.State == Open {
		return Upload{}, fault.Field(fault.Conflict, "uploadId",
			"No bytes have arrived yet: PUT the file to the upload URL, then complete it.")
	}

	return u, nil
}

// Find returns an upload of the actor's workspace. Errors: fault.NotFound.
func (s *Service) Find(ctx context.Context, a authz.Actor, id ID) (Upload, error) {
	found, err := s.FindAll(ctx, a, []ID{id})
	if err != nil {
		return Upload{}, err
	}

	if len(found) == 0 {
		return Upload{}, NotFound()
	}

	return found[0], nil
}

// FindAll returns those of the ids that exist in the actor's workspace, in any order.
func (s *Service) FindAll(ctx context.Context, a authz.Actor, ids []ID) ([]Upload, error) {
	return s.store.Get(ctx, a.Workspace, ids)
}
