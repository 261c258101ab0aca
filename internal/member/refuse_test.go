package member_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/member"
)

func TestRemainingRefuse_WithoutAnAdmin(t *testing.T) {
	t.Parallel()
	if err := (member.Remaining{Admin: true}).Refuse(); err != nil {
		t.Errorf("with an admin left: %v", err)
	}
	if err := (member.Remaining{}).Refuse(); !fault.Is(err, fault.Conflict) {
		t.Errorf("with none left: %v", err)
	}
}

func TestRefuseKey_ToAllButAdmins(t *testing.T) {
	t.Parallel()
	if err := member.RefuseKey(authz.Admin); err != nil {
		t.Errorf("to an admin: %v", err)
	}
	for _, now := range []authz.Role{authz.Editor, authz.Viewer, ""} {
		if err := member.RefuseKey(now); !fault.Is(err, fault.Forbidden) {
			t.Errorf("to %q: %v", now, err)
		}
	}
}
