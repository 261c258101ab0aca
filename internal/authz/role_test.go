package authz_test

import (
	"slices"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
)

func TestIncludes_EachRoleIncludesItselfAndTheWeakerOnes(t *testing.T) {
	t.Parallel()
	roles := []authz.Role{authz.Viewer, authz.Editor, authz.Admin}
	if !slices.Equal(roles, authz.Roles()) {
		t.Fatalf("roles are %v", authz.Roles())
	}
	for i, have := range roles {
		for j, need := range roles {
			if have.Includes(need) != (i >= j) {
				t.Errorf("%s includes %s: %t", have, need, have.Includes(need))
			}
		}
		for _, odd := range []authz.Role{"", "OWNER", "admin"} {
			if have.Includes(odd) || odd.Includes(have) || odd.Includes(odd) {
				t.Errorf("%q includes or is included", odd)
			}
		}
	}
}

func TestRoles_ChangingTheAnswer_ChangesNothing(t *testing.T) {
	t.Parallel()
	authz.Roles()[0] = authz.Admin
	if authz.Roles()[0] != authz.Viewer {
		t.Error("the table changed")
	}
}
