package secretmanager_test

import (
	"slices"
	"testing"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"

	emulator "github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/secretmanager"
	"github.com/provenanceone/data-api/internal/testkit"
)

// everything is what the server needs.
var everything = []string{
	"secretmanager.secrets.create", "secretmanager.secrets.get", "secretmanager.secrets.update",
	"secretmanager.secrets.delete", "secretmanager.secrets.list", "secretmanager.versions.add",
	"secretmanager.versions.access", "secretmanager.versions.get", "secretmanager.versions.list",
	"secretmanager.versions.destroy",
}

func TestTryAll_OnePermissionMissing_NamesItAndLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, missing := range append([]string{""}, everything...) {
		t.Run(missing, func(t *testing.T) {
			t.Parallel()
			has := slices.DeleteFunc(slices.Clone(everything), func(p string) bool { return p == missing })
			s := emulate(t, emulator.Options{Permissions: has})
			v := open(t, secretmanager.Options{Endpoint: s.Addr(), Bearer: token})
			lacking, err := v.TryAll(t.Context(), "eu")
			if missing == "" {
				testkit.Must(t, err)
			}
			if want := slices.DeleteFunc([]string{missing}, func(p string) bool { return p == "" }); !slices.Equal(lacking, want) {
				t.Errorf("it lacks %q, want %q: %v", lacking, want, err)
			}
			left, err := s.ListSecrets(t.Context(), &secretmanagerpb.ListSecretsRequest{
				Parent: "projects/test-project/locations/europe-west1",
			})
			testkit.Must(t, err)
			if n := len(left.GetSecrets()); n > 0 && missing != "secretmanager.secrets.delete" {
				t.Errorf("%d secrets are left", n)
			}
		})
	}
}
