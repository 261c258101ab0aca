package object_test

import (
	"errors"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
)

func TestRefuse_EachRule_AloneAndInOrder(t *testing.T) {
	t.Parallel()
	most, early, late := int64(10), time.Unix(1, 0), time.Unix(2, 0)
	one, two := int32(1), int32(2)
	good := func() (object.WriteRequest, object.Target) {
		n := object.WriteRequest{
			Version: object.Version{SizeBytes: 10, ContentType: "text/csv"},
			Only:    object.Precondition{Version: &one},
		}
		n.LandedAt = &late
		at := object.Target{
			Exists: true,
			Policy: datastore.Policy{MaxObjectBytes: &most, ContentTypes: []string{"text/*"}},
		}
		at.Before.Current = object.Version{Version: 1, LandedAt: &early}
		return n, at
	}
	if n, at := good(); n.Refuse(at) != nil {
		t.Errorf("what may be written is refused: %v", n.Refuse(at))
	}

	rules := []struct {
		rule  object.Rule
		spoil func(*object.WriteRequest, *object.Target)
	}{
		{object.LandedLast, func(n *object.WriteRequest, at *object.Target) {
			n.LandedAt,
				at.Before.Current.LandedAt = &early, &late
		}},
		{object.VersionIsMet, func(n *object.WriteRequest, _ *object.Target) { n.Only.Version = &two }},
		{object.TypeIsTaken, func(n *object.WriteRequest, _ *object.Target) { n.Version.ContentType = "image/png" }},
		{object.SizeFits, func(n *object.WriteRequest, _ *object.Target) { n.Version.SizeBytes = 11 }},
		{object.DatastoreExists, func(_ *object.WriteRequest, at *object.Target) { at.Exists = false }},
	}
	all, allAt := good()
	for _, r := range rules { // each one is asked before those above it
		n, at := good()
		r.spoil(&n, &at)
		wantRule(t, n.Refuse(at), r.rule)
		r.spoil(&all, &allAt)
		wantRule(t, all.Refuse(allAt), r.rule)
	}
}

func wantRule(t *testing.T, err error, want object.Rule) {
	t.Helper()
	if r, ok := errors.AsType[*object.RefusedError](err); !ok || r.Rule != want {
		t.Errorf("got %v, want a refusal by %s", err, want)
	}
}
