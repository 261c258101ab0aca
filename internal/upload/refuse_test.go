package upload_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

func TestMayLand_ByTheRoleOrTheScopesOfNow(t *testing.T) {
	t.Parallel()
	member, key := authz.Actor{Workspace: "w"}, authz.Actor{Workspace: "w"}
	member.Kind, key.Kind = authz.User, authz.APIKey
	for role, want := range map[authz.Role]bool{
		"":           false,
		authz.Viewer: false,
		authz.Editor: true,
		authz.Admin:  true,
	} {
		if member.Role = role; upload.MayLand(member) != want {
			t.Errorf("the role %q may: %t", role, !want)
		}
	}
	for scope, want := range map[authz.Scope]bool{
		authz.DatastoresRead:  false,
		authz.DatastoresWrite: true,
		authz.RunsExecute:     true,
		authz.SecretsWrite:    false,
	} {
		if key.Scopes = authz.NewScopes(scope); upload.MayLand(key) != want {
			t.Errorf("the scope %s may: %t", scope, !want)
		}
	}
	if key.Scopes = nil; upload.MayLand(key) {
		t.Error("a key that is gone may")
	}
}

func TestRejectionFor_EveryRule_HasOne(t *testing.T) {
	t.Parallel()
	for rule, want := range map[object.Rule]upload.Rejection{
		object.DatastoreExists: upload.Superseded,
		object.SizeFits:        upload.TooLarge,
		object.TypeIsTaken:     upload.ContentType,
		object.VersionIsMet:    upload.Precondition,
		object.LandedLast:      upload.Superseded,
	} {
		if got := upload.RejectionFor(&object.RefusedError{Rule: rule}); got != want {
			t.Errorf("%s gives %q, want %q", rule, got, want)
		}
	}
}
