package authz_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/provenanceone/data-api/internal/authz"
)

func TestNewScopes_ClosesUnderImplication(t *testing.T) {
	t.Parallel()
	for granted, want := range map[authz.Scope]authz.Scopes{
		authz.DatastoresRead:  {authz.DatastoresRead},
		authz.DatastoresWrite: {authz.DatastoresRead, authz.DatastoresWrite},
		authz.SecretsList:     {authz.SecretsList},
		authz.SecretsRead:     {authz.SecretsList, authz.SecretsRead},
		authz.SecretsWrite:    {authz.SecretsList, authz.SecretsWrite},
		authz.SecretsInject:   {authz.SecretsInject, authz.SecretsList},
		authz.AuditRead:       {authz.AuditRead},
		authz.RunsExecute:     {authz.DatastoresRead, authz.DatastoresWrite, authz.RunsExecute},
	} {
		if diff := cmp.Diff(want, authz.NewScopes(granted, granted, "UNKNOWN")); diff != "" {
			t.Errorf("%s: %s", granted, diff)
		}
	}
}

func TestNewScopes_OfAClosedSet_IsTheSame(t *testing.T) {
	t.Parallel()
	all := authz.NewScopes(authz.AllScopes()...)
	if !slices.Equal(all, authz.NewScopes(all...)) || len(all) != len(authz.AllScopes()) {
		t.Errorf("all scopes are %v", all)
	}
}

func TestIncluding_IsWhoseKeysHaveTheScope(t *testing.T) {
	t.Parallel()
	for of, want := range map[authz.Scope][]authz.Scope{
		authz.DatastoresRead:  {authz.DatastoresRead, authz.DatastoresWrite, authz.RunsExecute},
		authz.DatastoresWrite: {authz.DatastoresWrite, authz.RunsExecute},
		authz.RunsExecute:     {authz.RunsExecute},
		"UNKNOWN":             nil,
	} {
		if diff := cmp.Diff(want, of.Including()); diff != "" {
			t.Errorf("%s: %s", of, diff)
		}
	}
}

func TestParseScope_ReadsWhatTextSpells_AndNothingElse(t *testing.T) {
	t.Parallel()
	for _, s := range authz.AllScopes() {
		if got, ok := authz.ParseScope(s.Text()); !ok || got != s {
			t.Errorf("%s is read as %s", s.Text(), got)
		}
	}
	for _, text := range []string{"", "secrets", "SECRETS_READ", "Secrets:read", "secrets:read ", "secrets:*", "*:*"} {
		if got, ok := authz.ParseScope(text); ok {
			t.Errorf("%q is read as %s", text, got)
		}
	}
	if got := authz.SecretsRead.Text(); got != "secrets:read" {
		t.Errorf("spelled %s", got)
	}
}
