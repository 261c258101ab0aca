package secretmanager

import (
	"context"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"google.golang.org/grpc/codes"
)

// EnableManagedRotation is refused: it takes a secret of a Cloud SQL type, and the emulator creates none.
func (s *Server) EnableManagedRotation(
	ctx context.Context, req *secretmanagerpb.EnableManagedRotationRequest,
) (*secretmanagerpb.SecretVersion, error) {
	return nil, s.noRotation(ctx, req.GetParent())
}

// RotateSecret is refused for the same reason.
func (s *Server) RotateSecret(
	ctx context.Context, req *secretmanagerpb.RotateSecretRequest,
) (*secretmanagerpb.SecretVersion, error) {
	return nil, s.noRotation(ctx, req.GetParent())
}

func (s *Server) noRotation(ctx context.Context, secret string) error {
	if _, err := s.GetSecret(ctx, &secretmanagerpb.GetSecretRequest{Name: secret}); err != nil {
		return err
	}

	return refuse(codes.FailedPrecondition, "Managed rotation is not enabled: Secret [%s] has no type that can be "+
		"rotated.", secret)
}
