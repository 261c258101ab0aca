package secretmanager_test

import (
	"testing"

	"cloud.google.com/go/iam/apiv1/iampb"
	"google.golang.org/grpc/codes"
)

func TestIamPolicy_IsKeptUnderItsEtag(t *testing.T) {
	t.Parallel()
	c, ctx := emulate(t), t.Context()
	secret := create(t, c, regional, "a").GetName()
	none, err := c.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: secret})
	wantCode(t, err, codes.OK)
	policy := &iampb.Policy{
		Etag:     none.GetEtag(),
		Bindings: []*iampb.Binding{{Role: "roles/secretmanager.viewer", Members: []string{"user:a@example.com"}}},
	}
	_, err = c.SetIamPolicy(ctx, &iampb.SetIamPolicyRequest{Resource: secret, Policy: policy})
	wantCode(t, err, codes.OK)
	got, err := c.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: secret})
	wantCode(t, err, codes.OK)
	if len(got.GetBindings()) != 1 || string(got.GetEtag()) == string(none.GetEtag()) {
		t.Errorf("kept %v", got)
	}
	_, err = c.SetIamPolicy(ctx, &iampb.SetIamPolicyRequest{Resource: secret, Policy: policy})
	wantCode(t, err, codes.Aborted)
	_, err = c.SetIamPolicy(ctx, &iampb.SetIamPolicyRequest{Resource: secret})
	wantCode(t, err, codes.InvalidArgument)
	_, err = c.GetIamPolicy(ctx, &iampb.GetIamPolicyRequest{Resource: secret + "b"})
	wantCode(t, err, codes.NotFound)
}

func TestTestIamPermissions_UnknownSecret_GrantsNothing(t *testing.T) {
	t.Parallel()
	c, ctx := emulate(t), t.Context()
	secret := create(t, c, regional, "a").GetName()
	ask := []string{"secretmanager.versions.access"}
	for resource, want := range map[string]int{secret: 1, secret + "b": 0} {
		res, err := c.TestIamPermissions(ctx, &iampb.TestIamPermissionsRequest{Resource: resource, Permissions: ask})
		wantCode(t, err, codes.OK)
		if len(res.GetPermissions()) != want {
			t.Errorf("%s grants %v", resource, res.GetPermissions())
		}
	}
	_, err := c.TestIamPermissions(ctx,
		&iampb.TestIamPermissionsRequest{Resource: secret, Permissions: []string{"storage.objects.get"}})
	wantCode(t, err, codes.InvalidArgument)
}
