package gcs

import (
	"context"
	"hash/crc32"
	"net/http"

	"cloud.google.com/go/storage"

	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

// writeChunk is larger than any content of Write, so that each is one request, which the client can repeat.
const writeChunk = 2 * object.MaxContentBytes

// Write stores bytes as a new blob and describes it. Storage checks their CRC32C. If the blob exists already, Write
// describes it: no name is chosen twice, so an earlier call wrote it and its answer was lost.
//
// Units:  content of at most object.MaxContentBytes.
// Errors: fault.Unavailable, after which the blob may or may not be there.
func (s *Store) Write(
	ctx context.Context, p object.Place, content []byte, contentType string,
) (object.WriteResult, error) {
	handle, err := s.blob(p)
	if err != nil {
		return object.WriteResult{}, err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	w := handle.If(storage.Conditions{DoesNotExist: true}).NewWriter(ctx)
	w.ChunkSize, w.ContentType = writeChunk, contentType
	w.SendCRC32C, w.CRC32C = true, crc32.Checksum(content, crc32.MakeTable(crc32.Castagnoli))
	_, err = w.Write(content)
	if closed := w.Close(); err == nil {
		err = closed
	}

	if answered(err, http.StatusPreconditionFailed) {
		return s.written(ctx, p, err)
	}

	if err != nil {
		return object.WriteResult{}, unavailable(notWritten, err)
	}

	return writtenOf(describe(w.Attrs())), nil
}

const notWritten = "Storage did not answer: the content was not stored."

// written describes the blob that an earlier attempt stored.
func (s *Store) written(ctx context.Context, p object.Place, why error) (object.WriteResult, error) {
	b, found, err := s.Stat(ctx, p)
	if err != nil {
		return object.WriteResult{}, err
	}

	if !found {
		return object.WriteResult{}, unavailable(notWritten, why)
	}

	return writtenOf(b), nil
}

func writtenOf(b upload.Blob) object.WriteResult {
	return object.WriteResult{CRC32C: b.CRC32C, MD5: b.MD5, At: b.CreatedAt}
}
