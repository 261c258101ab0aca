package authz_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

func TestActorFrom_ContextWithoutActor_MayDoNothing(t *testing.T) {
	t.Parallel()
	a := authz.ActorFrom(t.Context())
	for _, n := range needs() {
		if err := n.Decide(a); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%+v: %v", n, err)
		}
	}
	if err := a.InWorkspace(); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

func TestActorFrom_ReturnsTheActorOfTheContext(t *testing.T) {
	t.Parallel()
	if a := authz.ActorFrom(authz.WithActor(t.Context(), user(authz.Editor))); a.Role != authz.Editor || a.Workspace != here {
		t.Errorf("actor is %+v", a)
	}
}
