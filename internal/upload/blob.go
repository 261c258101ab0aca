package upload

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/object"
)

// Blob is what storage says of a blob.
type Blob struct {
	Generation  int64
	SizeBytes   int64
	ContentType string
	// CRC32C is base64 of four big-endian bytes.
	CRC32C string
	// MD5 is base64; empty for a blob that was uploaded in parts.
	MD5       string
	CreatedAt time.Time
}

// PutRule is what a signed PUT is bound to.
type PutRule struct {
	ContentType string
	// MaxBytes is the longest body that storage accepts.
	MaxBytes int64
	// MD5 is base64 of the only content that storage accepts; empty for any.
	MD5       string
	ExpiresAt time.Time
	// ContentTypeOnly leaves everything but the type and the expiry to the settlement.
	ContentTypeOnly bool
}

// Header is a header that must be sent exactly.
type Header struct{ Name, Value string }

// SignedPut is a PUT that storage accepts: once, unless it is bound to the content type only.
type SignedPut struct {
	URL     string
	Headers []Header
}

// Blobs is the storage that uploads land in.
type Blobs interface {
	// SignPut signs a PUT of a blob that does not exist yet, or, bound to the content type only, of whatever is there.
	// Errors: fault.Unavailable if the signer is down.
	SignPut(ctx context.Context, p object.Place, rule PutRule) (SignedPut, error)
	// Stat describes a blob; found is false when there is none. Errors: fault.Unavailable.
	Stat(ctx context.Context, p object.Place) (b Blob, found bool, err error)
	// Promote copies one generation of a blob to a new name, server-side, and describes the copy; one that is there
	// already is described as it is.
	// Errors: fault.NotFound if that generation is gone; fault.Unavailable.
	Promote(ctx context.Context, from object.Place, generation int64, to object.Place) (Blob, error)
	// Drop deletes a blob; one that is gone already is no error. Errors: fault.Unavailable.
	Drop(ctx context.Context, p object.Place) error
	// OpenSession opens a session for a blob that does not exist yet, and returns its URI, which is a credential:
	// whoever has it can send parts, one PUT after the other. Errors: fault.Unavailable.
	OpenSession(ctx context.Context, p object.Place, rule SessionRule) (uri string, err error)
	// EndSession forgets a session and what was sent to it; one that is over already is no error. Errors:
	// fault.Unavailable.
	EndSession(ctx context.Context, uri string) error
}
