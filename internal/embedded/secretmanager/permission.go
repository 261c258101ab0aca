package secretmanager

import (
	"context"
	"path"
	"slices"

	"cloud.google.com/go/iam/apiv1/iampb"
	"go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"
)

// needed are the permissions that calls take.
//
// Source: Google Secret Manager, "Access control with IAM".
var needed = map[string]string{
	"CreateSecret":         "secretmanager.secrets.create",
	"GetSecret":            "secretmanager.secrets.get",
	"UpdateSecret":         "secretmanager.secrets.update",
	"DeleteSecret":         "secretmanager.secrets.delete",
	"ListSecrets":          "secretmanager.secrets.list",
	"AddSecretVersion":     "secretmanager.versions.add",
	"AccessSecretVersion":  "secretmanager.versions.access",
	"GetSecretVersion":     "secretmanager.versions.get",
	"ListSecretVersions":   "secretmanager.versions.list",
	"DestroySecretVersion": "secretmanager.versions.destroy",
}

// permit refuses a call that the bearer may not make.
func (s *Server) permit(method string) error {
	if permission := needed[path.Base(method)]; permission != "" && !s.may(permission) {
		return refuse(codes.PermissionDenied, "Permission '%s' denied on resource (or it may not exist).", permission)
	}

	return nil
}

func (s *Server) may(permission string) bool {
	return s.permissions == nil || slices.Contains(s.permissions, permission)
}

// TestIamPermissions returns those of some permissions that the bearer has on a secret: all that it has in the project,
// and none on a secret that is not there.
func (s *Server) TestIamPermissions(
	_ context.Context, req *iampb.TestIamPermissionsRequest,
) (*iampb.TestIamPermissionsResponse, error) {
	if err := checkSecret(req.GetResource()); err != nil {
		return nil, err
	}

	var found bool
	err := s.store.view(func(tx *bbolt.Tx) error {
		found = tx.Bucket(secrets).Get([]byte(req.GetResource())) != nil
		return nil
	})
	granted := slices.DeleteFunc(slices.Clone(req.GetPermissions()),
		func(p string) bool { return !found || !s.may(p) })
	return &iampb.TestIamPermissionsResponse{Permissions: granted}, err
}
