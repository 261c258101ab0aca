package upload

import (
	"context"
	"errors"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
)

// MaxSettled is how many of a datastore's last completed, and rejected, uploads are searched for the last one to a key.
const MaxSettled = 500

// sentences say what the rejections mean, after "it was rejected:".
var sentences = map[Rejection]string{
	TooLarge:     "it has more bytes than `maxBytes`, or than the datastore takes.",
	ContentType:  "its content type is not the one that was asked for, or the datastore no longer takes it.",
	Checksum:     "its bytes do not have the `md5` that was given.",
	Precondition: "the version that `ifVersion` or `ifVersionId` names was not the current one.",
	Superseded:   "a later write or deletion of the key was completed first.",
	Revoked:      "whoever asked for it had lost the right by then.",
}

// Absent implements object.Settler. Who may not see uploads causes no query.
func (s *Service) Absent(ctx context.Context, a authz.Actor, in datastore.ID, key string) error {
	absent := object.NotFound()
	if need.Decide(a) != nil || !in.Valid() {
		return absent
	}

	u, found, err := s.store.LastSettled(ctx, a.Workspace, in, key)
	if err != nil {
		return err
	}

	var f *fault.Error
	if !found || u.Rejection == nil || !errors.As(absent, &f) {
		return absent
	}

	said := f.With("rejection", string(*u.Rejection)).With("uploadId", u.ID.String())
	said.Say += " An upload to it was rejected: " + sentences[*u.Rejection]
	return said
}
