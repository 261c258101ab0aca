package gcs

import (
	"context"
	"io"

	"cloud.google.com/go/storage"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
)

// Open returns `length` bytes of a blob from `from` on, or all the rest where length is negative. It checks a blob that
// is read whole against its CRC32C. Reading ends with ctx, and resumes after a broken connection.
//
// Units:  from and length in bytes; there must be such bytes, unless the blob is read whole.
// Errors: fault.NotFound; fault.Unavailable, which reading may end with too.
func (s *Store) Open(ctx context.Context, p object.Place, from, length int64) (io.ReadCloser, error) {
	handle, err := s.blob(p)
	if err != nil {
		return nil, err
	}

	reader, err := handle.NewRangeReader(ctx, from, length)
	switch {
	case isGone(err):
		return nil, fault.New(fault.NotFound, "There is no such stored file.").Because(causeOf(err))
	case err != nil:
		return nil, unavailable(notRead, err)
	}

	return blobReader{reader}, nil
}

// blobReader reads a blob.
type blobReader struct{ *storage.Reader }

// Read says what went wrong in words that hold no URL.
func (r blobReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil && err != io.EOF { //nolint:errorlint // io.Reader's own end
		err = unavailable(notRead, err)
	}

	return n, err
}
