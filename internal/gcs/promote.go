package gcs

import (
	"context"

	"cloud.google.com/go/storage"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

const notPromoted = "Storage did not answer: the upload was not taken over."

// Promote copies one generation of a blob to a new name, server-side, and describes the copy. If the copy exists
// already, Promote describes it, even if the original is gone: so a caller that lost the answer can call again.
//
// Errors:  fault.NotFound if that generation is gone; fault.Unavailable.
// Effects: the original stays.
func (s *Store) Promote(
	ctx context.Context, from object.Place, generation int64, to object.Place,
) (upload.Blob, error) {
	source, err := s.blob(from)
	if err != nil {
		return upload.Blob{}, err
	}

	target, err := s.blob(to)
	if err != nil {
		return upload.Blob{}, err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.PromoteTimeout)
	defer cancel()
	source = source.If(storage.Conditions{GenerationMatch: generation})
	target = target.If(storage.Conditions{DoesNotExist: true})
	attrs, err := target.CopierFrom(source).Run(ctx)
	switch {
	case isMoot(err):
		return s.promoted(ctx, to, err)
	case err != nil:
		return upload.Blob{}, unavailable(notPromoted, err)
	}

	return describe(attrs), nil
}

// promoted describes the copy that an earlier call made, if any.
func (s *Store) promoted(ctx context.Context, to object.Place, why error) (upload.Blob, error) {
	b, found, err := s.Stat(ctx, to)
	if err != nil {
		return upload.Blob{}, err
	}

	if !found {
		return upload.Blob{}, fault.New(fault.NotFound, "The uploaded file is gone.").Because(causeOf(why))
	}

	return b, nil
}
