package schema_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/schema"
)

// TestScopes_AreWithinTheRoleThatMayDoAllTheyAllow reads off the guards which role it takes to do what a key with a
// scope may.
func TestScopes_AreWithinTheRoleThatMayDoAllTheyAllow(t *testing.T) {
	t.Parallel()
	for _, scope := range authz.AllScopes() {
		needed := authz.Viewer
		for _, rule := range schema.Rules(load(t)) {
			if rule.Need.Scope == "" || !authz.NewScopes(scope).Has(rule.Need.Scope) {
				continue
			}
			if rule.Need.Role == "" {
				needed = authz.Admin // no role may: giving it is an admin's
			} else if !needed.Includes(rule.Need.Role) {
				needed = rule.Need.Role
			}
		}
		for _, role := range authz.Roles() {
			if scope.Within(role) != role.Includes(needed) {
				t.Errorf("%s is within %s: %v, but it takes %s", scope, role, scope.Within(role), needed)
			}
		}
	}
	if authz.Scope("UNKNOWN").Within(authz.Admin) || authz.DatastoresRead.Within("") {
		t.Error("what is unknown is within something")
	}
}
