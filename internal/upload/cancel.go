package upload

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
)

// Cancel makes an upload's URL worthless: storage may still take bytes, they never become an object. It is safe to
// repeat.
//
// Errors: fault.NotFound; fault.Conflict if it has ended otherwise; fault.Unavailable.
func (s *Service) Cancel(ctx context.Context, a authz.Actor, id ID) (Upload, error) {
	open, err := s.Find(ctx, a, id)
	if err != nil {
		return Upload{}, err
	}

	entry := audit.Record(a, audit.UploadCancelled).On("upload", open.ID.String(), open.Key).
		With("datastoreId", open.DatastoreID)
	u, err := s.store.End(ctx, open, Cancelled, "", entry)
	if err != nil {
		return Upload{}, err
	}

	if u.State != Cancelled {
		return Upload{}, fault.Field(fault.Conflict, "uploadId", "The upload has ended already: it is %s.", u.State)
	}

	s.endSession(ctx, open)
	s.drop(ctx, u.staged(a.Region))
	return u, nil
}

// List returns each datastore's uploads of one state, newest first; without a state, those that are not objects yet or
// never became one.
func (s *Service) List(
	ctx context.Context, a authz.Actor, in []datastore.ID, state State, r page.Request,
) ([]page.Page[Upload], error) {
	return s.store.List(ctx, a.Workspace, in, state, r)
}
