package idempotency_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/idempotency"
)

func TestWorkspaceID_IsOfOnePersonAndOneKey(t *testing.T) {
	t.Parallel()
	s, other := idempotency.NewService(nil, []byte("one")), idempotency.NewService(nil, []byte("two"))
	alice := authz.Actor{Issuer: "i", Subject: "alice"}
	id := s.WorkspaceID(alice, "k")
	if !id.Valid() || id != s.WorkspaceID(alice, "k") {
		t.Errorf("it is %s, and then %s", id, s.WorkspaceID(alice, "k"))
	}
	for _, unlike := range []authz.WorkspaceID{s.WorkspaceID(alice, "l"),
		s.WorkspaceID(authz.Actor{Issuer: "i", Subject: "bob"}, "k"),
		s.WorkspaceID(authz.Actor{Issuer: "ia", Subject: "lice"}, "k"), other.WorkspaceID(alice, "k")} {
		if unlike == id {
			t.Errorf("%s is another's too", id)
		}
	}
}
