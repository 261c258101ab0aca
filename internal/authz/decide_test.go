package authz_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

const here authz.WorkspaceID = "0198c0de-0000-7000-8000-000000000001"

func user(r authz.Role) authz.Actor {
	return authz.Actor{Who: authz.Who{Kind: authz.User}, Workspace: here, Role: r}
}

func key(s ...authz.Scope) authz.Actor {
	return authz.Actor{Who: authz.Who{Kind: authz.APIKey}, Workspace: here, Scopes: authz.NewScopes(s...)}
}

// needs are all that a guard can ask for.
func needs() []authz.Need {
	var all []authz.Need
	for _, r := range append(authz.Roles(), "", "OWNER") {
		for _, s := range append(authz.AllScopes(), "", "EVERYTHING") {
			all = append(all, authz.Need{Role: r, Scope: s})
		}
	}
	return all
}

func wantDecision(t *testing.T, n authz.Need, a authz.Actor, want bool) {
	t.Helper()
	err := n.Decide(a)
	if want && err != nil || !want && !fault.Is(err, fault.Forbidden) {
		t.Errorf("%+v for role %q, scopes %v: %v, want allowed %t", n, a.Role, a.Scopes, err, want)
	}
}

func TestDecide_User_NeedsTheRoleOrAStrongerOne(t *testing.T) {
	t.Parallel()
	roles := authz.Roles()
	for _, n := range needs() {
		for rank, r := range roles {
			needed := slices.Index(roles, n.Role)
			wantDecision(t, n, user(r), needed >= 0 && rank >= needed)
		}
		wantDecision(t, n, user(""), false)
		wantDecision(t, n, user("OWNER"), false)
	}
}

func TestDecide_APIKey_NeedsTheScopeOrOneThatImpliesIt(t *testing.T) {
	t.Parallel()
	implies := map[authz.Scope][]authz.Scope{
		authz.DatastoresWrite: {authz.DatastoresRead},
		authz.SecretsRead:     {authz.SecretsList},
		authz.SecretsWrite:    {authz.SecretsList},
		authz.SecretsInject:   {authz.SecretsList},
		authz.RunsExecute:     {authz.DatastoresRead, authz.DatastoresWrite},
	}
	for _, n := range needs() {
		for _, granted := range authz.AllScopes() {
			wantDecision(t, n, key(granted), n.Scope != "" &&
				(n.Scope == granted || slices.Contains(implies[granted], n.Scope)))
		}
		wantDecision(t, n, key(), false)
		wantDecision(t, n, key("EVERYTHING"), false)
	}
}

func TestDecide_RoleOnAKeyAndScopeOnAUser_CountForNothing(t *testing.T) {
	t.Parallel()
	k, u := key(), user("")
	k.Role, u.Scopes = authz.Admin, authz.NewScopes(authz.AllScopes()...)
	for _, n := range needs() {
		wantDecision(t, n, k, false)
		wantDecision(t, n, u, false)
	}
}

func TestDecide_NobodyAndTheSystem_AreForbiddenEverything(t *testing.T) {
	t.Parallel()
	for _, kind := range []authz.ActorKind{"", authz.System, "ROBOT"} {
		a := authz.Actor{Who: authz.Who{Kind: kind}, Workspace: here, Role: authz.Admin, Scopes: authz.AllScopes()}
		for _, n := range needs() {
			wantDecision(t, n, a, false)
		}
	}
}

func TestDecide_WithoutWorkspace_SaysWhy(t *testing.T) {
	t.Parallel()
	for missing, want := range map[authz.Missing]struct {
		kind fault.Kind
		say  string
	}{
		authz.Unselected: {fault.Invalid, "name one in the X-Workspace-Id header"},
		authz.Unknown:    {fault.Forbidden, "names no workspace that you are a member of"},
		authz.Memberless: {fault.Forbidden, "not a member of any workspace yet"},
	} {
		a := authz.Actor{Who: authz.Who{Kind: authz.User}, Role: authz.Admin, Missing: missing}
		for _, n := range needs() {
			for _, err := range []error{n.Decide(a), a.InWorkspace()} {
				var f *fault.Error
				if !errors.As(err, &f) || f.Kind != want.kind || !strings.Contains(f.Say, want.say) {
					t.Errorf("%+v: %v, want %s: %s", n, err, want.kind, want.say)
				}
			}
		}
	}
}

func TestDecide_KeyWithoutWorkspace_IsForbidden(t *testing.T) {
	t.Parallel()
	k := key(authz.AllScopes()...)
	k.Workspace = ""
	for _, n := range needs() {
		wantDecision(t, n, k, false)
	}
	if err := k.InWorkspace(); !fault.Is(err, fault.Forbidden) {
		t.Error(err)
	}
}

func TestInWorkspace_Selected_IsAllowedToAnyCredential(t *testing.T) {
	t.Parallel()
	for _, a := range []authz.Actor{user(authz.Viewer), key()} {
		if err := a.InWorkspace(); err != nil {
			t.Error(err)
		}
	}
}

func TestDecide_Refusal_NamesWhatIsNeeded(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		need authz.Need
		say  string
	}{
		{authz.Need{Role: authz.Admin, Scope: authz.SecretsRead},
			"This needs the role admin or an API key with the scope secrets:read."},
		{authz.Need{Role: authz.Admin}, "This needs the role admin."},
		{authz.Need{Scope: authz.AuditRead}, "This needs an API key with the scope audit:read."},
		{authz.Need{}, "Nobody may do this."},
	} {
		var f *fault.Error
		if !errors.As(row.need.Decide(user("")), &f) || f.Say != row.say {
			t.Errorf("%+v says %q", row.need, f.Say)
		}
		if got, want := fmt.Sprint(f.Details["requiredRole"]), string(row.need.Role); want != "" && got != want {
			t.Errorf("requiredRole is %s", got)
		}
		if got, want := fmt.Sprint(f.Details["requiredScope"]), string(row.need.Scope); want != "" && got != want {
			t.Errorf("requiredScope is %s", got)
		}
	}
}
