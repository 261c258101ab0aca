package gcs

import (
	"context"
	"errors"
	"hash/crc32"
	"io"
	"net/http"

	"cloud.google.com/go/storage"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
)

const notRead = "Storage did not answer: the stored file was not read."

// Read returns the first bytes of a blob, at most `most`, and checks a blob read to its end
// against its CRC32C.
//
// Units:  most in bytes.
// Errors: fault.NotFound; fault.Unavailable.
func (s *Store) Read(ctx context.Context, p object.Place, most int64) ([]byte, error) {
	handle, err := s.blob(p)
	if err != nil {
		return nil, err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	reader, err := handle.NewRangeReader(ctx, 0, max(most, 0))
	switch {
	case answered(err, http.StatusRequestedRangeNotSatisfiable):
		return []byte{}, nil // of an empty blob there is no first byte to ask for
	case isGone(err):
		return nil, fault.New(fault.NotFound, "There is no such stored file.").Because(causeOf(err))
	case err != nil:
		return nil, unavailable(notRead, err)
	}

	defer func() { _ = reader.Close() }()
	return readChecked(reader)
}

func readChecked(reader *storage.Reader) ([]byte, error) {
	content, err := io.ReadAll(reader)
	if err != nil {
		return nil, unavailable(notRead, err)
	}

	whole := int64(len(content)) == reader.Attrs.Size
	sum := crc32.Checksum(content, crc32.MakeTable(crc32.Castagnoli))
	if whole && reader.Attrs.CRC32C != 0 && sum != reader.Attrs.CRC32C {
		return nil, unavailable(notRead, errors.New("what was read does not have the blob's CRC32C"))
	}

	return content, nil
}
