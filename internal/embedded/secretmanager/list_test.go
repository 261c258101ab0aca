package secretmanager_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	google "cloud.google.com/go/secretmanager/apiv1"
	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/api/iterator"
	"google.golang.org/grpc/codes"

	"github.com/provenanceone/data-api/internal/embedded/secretmanager"
)

// all collects the last parts of the names.
func all[T interface{ GetName() string }](t *testing.T, next func() (T, error)) []string {
	t.Helper()
	var names []string
	for {
		item, err := next()
		if errors.Is(err, iterator.Done) {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		parts := strings.Split(item.GetName(), "/")
		names = append(names, parts[len(parts)-1])
	}
}

func listSecrets(t *testing.T, c *google.Client, parent string) []string {
	t.Helper()
	return all(t, c.ListSecrets(t.Context(), &secretmanagerpb.ListSecretsRequest{Parent: parent, PageSize: 2}).Next)
}

func listVersions(t *testing.T, c *google.Client, secret string) []string {
	t.Helper()
	return all(t, c.ListSecretVersions(t.Context(),
		&secretmanagerpb.ListSecretVersionsRequest{Parent: secret, PageSize: 3}).Next)
}

func TestListSecrets_PagesThroughItsParentOnly(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	var want []string
	for i := range 5 {
		want = append(want, fmt.Sprintf("s%d", i))
		create(t, c, regional, want[i])
	}
	create(t, c, other, "other")
	if diff := cmp.Diff(want, listSecrets(t, c, regional)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"other"}, listSecrets(t, c, other)); diff != "" {
		t.Error(diff)
	}
}

func TestListSecretVersions_PagesNewestFirst(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	secret := create(t, c, regional, "a").GetName()
	var want []string
	for i := range 11 {
		add(t, c, secret, "v")
		want = append(want, fmt.Sprint(i+1))
	}
	slices.Reverse(want)
	if diff := cmp.Diff(want, listVersions(t, c, secret)); diff != "" {
		t.Error(diff)
	}
}

func TestList_Refused(t *testing.T) {
	t.Parallel()
	c := emulate(t)
	for name, req := range map[string]*secretmanagerpb.ListSecretsRequest{
		"filter":          {Parent: regional, Filter: "name:a"},
		"malformed token": {Parent: regional, PageToken: "not base64!"},
		"negative size":   {Parent: regional, PageSize: -1},
		"no parent":       {},
		"global":          {Parent: global},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.ListSecrets(t.Context(), req).Next()
			wantCode(t, err, codes.InvalidArgument)
		})
	}
	_, err := c.ListSecretVersions(t.Context(),
		&secretmanagerpb.ListSecretVersionsRequest{Parent: regional + "/secrets/a"}).Next()
	wantCode(t, err, codes.NotFound)
}

func TestLag_ListsAreLate_AccessByNumberIsNot(t *testing.T) {
	t.Parallel()
	time0 := &clock{at: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	c := connect(t, start(t, secretmanager.Options{Lag: time.Minute, Now: time0.now}), "Bearer "+bearer)
	secret := create(t, c, regional, "a").GetName()
	one := add(t, c, secret, "one").GetName()
	wantAccess(t, c, one, "one", codes.OK)
	if got := listSecrets(t, c, regional); len(got)+len(listVersions(t, c, secret)) > 0 {
		t.Errorf("listed %v at once", got)
	}
	time0.pass(time.Minute)
	if diff := cmp.Diff([]string{"a"}, listSecrets(t, c, regional)); diff != "" {
		t.Error(diff)
	}

	two := add(t, c, secret, "two").GetName()
	wantAccess(t, c, two, "two", codes.OK)
	if diff := cmp.Diff([]string{"1"}, listVersions(t, c, secret)); diff != "" {
		t.Error(diff)
	}
	time0.pass(time.Minute)
	if diff := cmp.Diff([]string{"2", "1"}, listVersions(t, c, secret)); diff != "" {
		t.Error(diff)
	}
}

func TestLag_DestroyAndDelete_ShowLateInLists(t *testing.T) {
	t.Parallel()
	time0 := &clock{at: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	c := connect(t, start(t, secretmanager.Options{Lag: time.Minute, Now: time0.now}), "Bearer "+bearer)
	secret := create(t, c, regional, "a").GetName()
	one := add(t, c, secret, "one").GetName()
	time0.pass(time.Minute)
	_, err := c.DestroySecretVersion(t.Context(), &secretmanagerpb.DestroySecretVersionRequest{Name: one})
	wantCode(t, err, codes.OK)
	wantAccess(t, c, one, "", codes.FailedPrecondition)
	for _, want := range []secretmanagerpb.SecretVersion_State{
		secretmanagerpb.SecretVersion_ENABLED, secretmanagerpb.SecretVersion_DESTROYED,
	} {
		seen, err := c.ListSecretVersions(t.Context(),
			&secretmanagerpb.ListSecretVersionsRequest{Parent: secret}).Next()
		wantCode(t, err, codes.OK)
		if seen.GetState() != want {
			t.Errorf("the list shows %s, want %s", seen.GetState(), want)
		}
		time0.pass(time.Minute)
	}
	wantCode(t, c.DeleteSecret(t.Context(), &secretmanagerpb.DeleteSecretRequest{Name: secret}), codes.OK)
	if got := listSecrets(t, c, regional); len(got) != 1 {
		t.Errorf("the list is not late: %v", got)
	}
	time0.pass(time.Minute)
	if got := listSecrets(t, c, regional); len(got) != 0 {
		t.Errorf("the list still shows %v", got)
	}
}
