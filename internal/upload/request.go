package upload

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
)

const defaultMaxBytes = 100 << 20

// BeginRequest asks for a URL to PUT one file to.
type BeginRequest struct {
	DatastoreID datastore.ID
	Key         string
	ContentType string
	// MaxBytes defaults to 100 MiB, or the datastore's or the deployment's limit if that is less.
	MaxBytes  *int64
	MD5       *string
	IfVersion *int32
	// IfVersionID is the id of the version that must be current; nil for any.
	IfVersionID *object.VersionID `json:",omitzero"`
	TTL         time.Duration
	Metadata    map[string]any
	// ContentTypeOnly has the signature bind nothing but the content type. It has `omitzero`, as the fields below, so
	// that idempotency hashes made before these fields existed still match.
	ContentTypeOnly bool `json:",omitzero"`
	// Resumable asks for a session, which lasts seven days; TTL does not count then.
	Resumable bool `json:",omitzero"`
	// Origin is whose pages may send to the session; nil for those of the page that asks, if one does.
	Origin *string `json:",omitzero"`
	// Run is the step of a run that writes the file; nil for none.
	Run *ident.Run `json:",omitzero"`
	// IdempotencyKey lets the call be sent again; nil for none.
	IdempotencyKey *string `json:"-"`
}

// check returns fault.Invalid naming the first field at fault; most is the deployment's limit in bytes.
func (r BeginRequest) check(most int64) error {
	if err := object.CheckKey(r.Key); err != nil {
		return err
	}

	if err := object.CheckTTL(r.TTL); err != nil {
		return err
	}

	if err := object.CheckContentType("contentType", r.ContentType); err != nil {
		return err
	}

	switch {
	case r.MaxBytes != nil && (*r.MaxBytes < 1 || *r.MaxBytes > most):
		return fault.Field(fault.Invalid, "maxBytes", "A file has 1 to %d bytes here.", most).With("limitBytes", most)
	case r.MD5 != nil && !isMD5(*r.MD5):
		return fault.Field(fault.Invalid, "md5", "An MD5 is base64 of 16 bytes.")
	case r.Resumable && r.ContentTypeOnly:
		return fault.Field(fault.Invalid, "contentTypeOnly",
			"It is for mode SINGLE: no header must be sent to a session.")
	case r.Origin != nil && (!r.Resumable || !isOrigin(*r.Origin)):
		return fault.Field(fault.Invalid, "origin", "An origin is for mode RESUMABLE, and as browsers write it: "+
			"https://app.example, or http on loopback.")
	case r.IfVersion != nil && *r.IfVersion < 0:
		return fault.Field(fault.Invalid, "ifVersion", "A version counts from 1; 0 means that the key must be new.")
	case r.Run != nil:
		if err := r.Run.Check(); err != nil {
			return err
		}
	}

	_, err := object.EncodeMetadata(r.Metadata)
	return err
}

// expiry is until when bytes may be sent.
func (r BeginRequest) expiry(now time.Time) time.Time {
	if r.Resumable {
		return now.Add(sessionLife).Truncate(time.Second) // a repeated call reads it from the database, which rounds
	}

	return object.ExpiryOf(now, r.TTL)
}

// draft returns the upload that a request asks for. It stores nothing. Errors: fault.NotFound without the datastore;
// fault.Invalid where its policy does not take the file; fault.Conflict if IfVersionID is not current.
func (s *Service) draft(ctx context.Context, a authz.Actor, r BeginRequest, id ID) (Upload, error) {
	policy, err := s.store.PolicyOf(ctx, a.Workspace, r.DatastoreID)
	if err != nil {
		return Upload{}, err
	}

	maxBytes, err := r.maxBytes(policy, s.most)
	if err != nil {
		return Upload{}, err
	}

	ifVersion, err := s.versionExpected(ctx, a, r)
	if err != nil {
		return Upload{}, err
	}

	metadata, err := object.EncodeMetadata(r.Metadata)
	if err != nil {
		return Upload{}, err
	}

	now := s.now().UTC()
	u := Upload{
		ID:              id,
		DatastoreID:     r.DatastoreID,
		Key:             r.Key,
		ContentType:     r.ContentType,
		MaxBytes:        maxBytes,
		MD5:             r.MD5,
		IfVersion:       ifVersion,
		Metadata:        metadata,
		Run:             r.Run,
		ContentTypeOnly: r.ContentTypeOnly,
		State:           Open,
		ExpiresAt:       r.expiry(now),
		CreatedAt:       now,
		CreatedBy:       a.Who,
	}
	if a.Kind == authz.APIKey && !a.ExpiresAt.IsZero() {
		u.CredentialExpiresAt = &a.ExpiresAt
	}

	return u, nil
}

// versionExpected returns the number of the version that must be current; nil for any. A version's number names no
// other version of the key, ever. Errors: fault.Conflict if IfVersionID is not current.
func (s *Service) versionExpected(ctx context.Context, a authz.Actor, r BeginRequest) (*int32, error) {
	if r.IfVersionID == nil {
		return r.IfVersion, nil
	}

	found, err := s.store.ObjectsAt(ctx, a.Workspace, []datastore.ID{r.DatastoreID}, r.Key)
	if err != nil {
		return nil, err
	}

	var current object.Version
	if len(found) > 0 {
		current = found[0].Current
	}

	err = object.Precondition{Version: r.IfVersion, ID: r.IfVersionID}.Check("ifVersion", current)
	return &current.Version, err
}

// maxBytes returns the longest body that the upload may have, if the datastore takes a file of that size and the
// content type; most is the deployment's limit. Errors: fault.Invalid naming `contentType` or `maxBytes`.
func (r BeginRequest) maxBytes(p datastore.Policy, most int64) (int64, error) {
	if !p.Takes(r.ContentType) {
		return 0, object.NotTaken("contentType", p)
	}

	bytes := min(defaultMaxBytes, most)
	switch {
	case r.MaxBytes != nil:
		bytes = *r.MaxBytes
	case p.MaxObjectBytes != nil:
		bytes = min(bytes, *p.MaxObjectBytes)
	}

	if !p.Fits(bytes) {
		return 0, object.TooLarge("maxBytes", p)
	}

	return bytes, nil
}

func isMD5(s string) bool {
	sum, err := base64.StdEncoding.DecodeString(s)
	return err == nil && len(sum) == 16 && base64.StdEncoding.EncodeToString(sum) == s // the decoder skips line breaks
}
