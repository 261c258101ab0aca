package object

import (
	"context"
	"io"

	"github.com/provenanceone/data-api/internal/authz"
)

// Reader reads versions whose read is on record already, by Service.Download.
type Reader struct {
	versions Versions
	blobs    Opener
}

// Versions is the part of the Store that a Reader needs.
type Versions interface {
	// Versions returns those of the ids that exist in the workspace, in any order.
	Versions(ctx context.Context, ws authz.WorkspaceID, ids []VersionID) ([]Version, error)
}

// Opener is the storage that a Reader reads from.
type Opener interface {
	// Open returns `length` bytes of a blob from `from` on, all the rest where length is negative. Reading ends with
	// ctx.
	// Errors: fault.NotFound; fault.Unavailable, which reading may end with too.
	Open(ctx context.Context, p Place, from, length int64) (io.ReadCloser, error)
}

// NewReader returns a reader of what an index has, in a storage.
func NewReader(versions Versions, blobs Opener) *Reader { return &Reader{versions, blobs} }

// Open returns `length` bytes of a version from `from` on; reading ends with ctx. It writes nothing.
//
// Errors: fault.NotFound; fault.Unavailable, which reading may end with too: also if a version that is read whole is
// not what was stored.
func (r *Reader) Open(ctx context.Context, a authz.Actor, id VersionID, from, length int64) (io.ReadCloser, error) {
	found, err := r.versions.Versions(ctx, a.Workspace, []VersionID{id})
	if err != nil {
		return nil, err
	}

	if len(found) == 0 {
		return nil, NotFound()
	}

	v := found[0]
	if from == 0 && length == v.SizeBytes {
		length = -1 // storage checks what is read to its end
	}

	return r.blobs.Open(ctx, BlobPlace(a.Region, v.BlobID), from, length)
}
