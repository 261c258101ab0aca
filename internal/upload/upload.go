// Package upload brings bytes in: a signed URL lets a client PUT them to staging, and settlement makes them an object,
// or rejects them. Editors upload, and each upload is on record when it begins and when it ends.
// docs/life-of-an-upload.md follows one through every layer.
package upload

import (
	"encoding/json"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
)

// ID names an upload.
type ID = ident.Of[Upload]

// State is how far an upload has come; the values are the schema's UploadState.
type State string

// The states.
const (
	Open      State = "OPEN"
	Completed State = "COMPLETED"
	Rejected  State = "REJECTED"
	Cancelled State = "CANCELLED"
	Expired   State = "EXPIRED"
)

// Rejection is why the bytes of an upload were not taken; the values are the schema's UploadRejection.
type Rejection string

// The rejections.
const (
	TooLarge     Rejection = "TOO_LARGE"
	ContentType  Rejection = "CONTENT_TYPE"
	Checksum     Rejection = "CHECKSUM"
	Precondition Rejection = "PRECONDITION"
	Superseded   Rejection = "SUPERSEDED"
	Revoked      Rejection = "REVOKED"
)

// grace is how long after its URL's expiry a PUT that began before may still end.
const grace = time.Hour

// Upload is an upload that was allowed.
type Upload struct {
	ID          ID
	DatastoreID datastore.ID
	Key         string
	ContentType string
	MaxBytes    int64
	// MD5 is base64 of the only content allowed; nil for any.
	MD5 *string
	// IfVersion is the version that must be current at settlement, 0 for none; nil for any.
	IfVersion *int32
	// Metadata is a JSON object as it is stored; nil is the empty one.
	Metadata json.RawMessage
	// ContentTypeOnly tells that its PUT is bound to the content type alone.
	ContentTypeOnly bool
	// Session is the URI that its parts go to, sealed with the server's key; nil for one PUT, and once the upload has
	// ended.
	Session []byte
	// Run is the step of a run that writes it; nil for none.
	Run   *ident.Run
	State State
	// Rejection is set once the state is Rejected.
	Rejection *Rejection
	// VersionID is set once the state is Completed.
	VersionID *object.VersionID
	ExpiresAt time.Time
	// CredentialExpiresAt is when the API key that asked ends; nil for one without end, and for a user.
	CredentialExpiresAt *time.Time
	CreatedAt           time.Time
	CreatedBy           authz.Who
}

// overdue reports that no bytes of the upload can land any more.
func (u Upload) overdue(now time.Time) bool { return now.After(u.ExpiresAt.Add(grace)) }

// staged is where the upload's bytes land.
func (u Upload) staged(region string) object.Place {
	return object.Place{Region: region, Name: stagingPrefix + u.ID.String()}
}

// blob is the name under which the upload's bytes are kept: its own id, so that settling twice makes one blob.
func (u Upload) blob() object.BlobID { return object.BlobID(u.ID) }

// md5 is base64 of the only content allowed; empty for any.
func (u Upload) md5() string {
	if u.MD5 == nil {
		return ""
	}

	return *u.MD5
}

// refuse says why the bytes that landed are not those that were allowed; empty when they are.
func (u Upload) refuse(b Blob) Rejection {
	switch {
	case b.SizeBytes > u.MaxBytes:
		return TooLarge
	case b.ContentType != u.ContentType:
		return ContentType
	case u.MD5 != nil && b.MD5 != *u.MD5:
		return Checksum
	case u.CredentialExpiresAt != nil && b.CreatedAt.After(*u.CredentialExpiresAt):
		return Revoked
	}

	return ""
}

// NotFound says that a workspace has no such upload.
func NotFound() error {
	return fault.Field(fault.NotFound, "uploadId", "There is no such upload in this workspace.")
}
