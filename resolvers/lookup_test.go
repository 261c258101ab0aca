package resolvers

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

// failing finds every version, and no object: the database goes away in between.
type failing struct{ object.Store }

func (failing) Versions(context.Context, authz.WorkspaceID, []object.VersionID) ([]object.Version, error) {
	return make([]object.Version, 1), nil
}

func (failing) Get(context.Context, authz.WorkspaceID, []object.ID) ([]object.Object, error) {
	return nil, io.EOF
}

func TestBecameOf_DatabaseGoesAway_IsTheError(t *testing.T) {
	t.Parallel()
	r := &Resolver{nouns: Nouns{Objects: object.NewService(failing{}, nil, nil, nil, nil, nil, nil)}}
	if o, err := r.becameOf(t.Context(), upload.Upload{}); o != nil || !errors.Is(err, io.EOF) {
		t.Errorf("got %v, %v", o, err)
	}
}
