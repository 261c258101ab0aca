package idempotency_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestWorkspaceID_IsOfOnePersonAndOneKey(t *testing.T) {
	t.Parallel()
	of := func(serverKey string, a authz.Actor, key string) authz.WorkspaceID {
		id, err := idempotency.NewService(nil, [][]byte{[]byte(serverKey)}).WorkspaceID(t.Context(), a, key)
		testkit.Must(t, err)
		return id
	}
	alice := authz.Actor{Issuer: "i", Subject: "alice"}
	id := of("one", alice, "k")
	if !id.Valid() || id != of("one", alice, "k") {
		t.Errorf("it is %s, and then %s", id, of("one", alice, "k"))
	}
	for _, unlike := range []authz.WorkspaceID{of("one", alice, "l"),
		of("one", authz.Actor{Issuer: "i", Subject: "bob"}, "k"),
		of("one", authz.Actor{Issuer: "ia", Subject: "lice"}, "k"), of("two", alice, "k")} {
		if unlike == id {
			t.Errorf("%s is another's too", id)
		}
	}
}
