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

func TestCovers_LessOfAnything_IsNotCovered(t *testing.T) {
	t.Parallel()
	member := authz.Actor{
		Who:       authz.Who{Kind: authz.User, PrincipalID: "m"},
		Workspace: here,
		Role:      authz.Editor,
		Issuer:    "i",
		Subject:   "s",
	}
	key := authz.Actor{
		Who:       authz.Who{Kind: authz.APIKey, PrincipalID: "k"},
		Workspace: here,
		Scopes:    authz.NewScopes(authz.SecretsRead),
	}
	with := func(a authz.Actor, change func(*authz.Actor)) authz.Actor {
		change(&a)
		return a
	}
	for name, test := range map[string]struct {
		now, before authz.Actor
		want        bool
	}{
		"the same":          {member, member, true},
		"the same key":      {key, key, true},
		"a higher role":     {with(member, func(a *authz.Actor) { a.Role = authz.Admin }), member, true},
		"a lower role":      {with(member, func(a *authz.Actor) { a.Role = authz.Viewer }), member, false},
		"an unknown role":   {with(member, func(a *authz.Actor) { a.Role = "OTHER" }), member, false},
		"another workspace": {with(member, func(a *authz.Actor) { a.Workspace = "x" }), member, false},
		"no workspace any more": {authz.Actor{
			Who:     authz.Who{Kind: authz.User},
			Issuer:  "i",
			Subject: "s",
		}, member, false},
		"a workspace now": {member, authz.Actor{
			Who:     authz.Who{Kind: authz.User},
			Issuer:  "i",
			Subject: "s",
		}, true},
		"another person": {member, authz.Actor{
			Who:     authz.Who{Kind: authz.User},
			Issuer:  "i",
			Subject: "t",
		}, false},
		"another member": {with(member, func(a *authz.Actor) { a.PrincipalID = "n" }), member, false},
		"another kind":   {with(member, func(a *authz.Actor) { a.Kind = authz.APIKey }), member, false},
		"a scope less": {with(key, func(a *authz.Actor) { a.Scopes = authz.NewScopes(authz.SecretsList) }),
			key, false},
		"a scope more": {with(key,
			func(a *authz.Actor) { a.Scopes = authz.NewScopes(authz.SecretsRead, authz.AuditRead) }), key, true},
	} {
		if got := test.now.Covers(test.before); got != test.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestActorFrom_ReturnsTheActorOfTheContext(t *testing.T) {
	t.Parallel()
	if a := authz.ActorFrom(authz.WithActor(t.Context(), user(authz.Editor))); a.Role != authz.Editor ||
		a.Workspace != here {
		t.Errorf("actor is %+v", a)
	}
}
