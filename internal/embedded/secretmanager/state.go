package secretmanager

import (
	"context"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"
)

// DisableSecretVersion keeps a version from being accessed.
func (s *Server) DisableSecretVersion(
	_ context.Context, req *secretmanagerpb.DisableSecretVersionRequest,
) (*secretmanagerpb.SecretVersion, error) {
	return s.turn(s.store.update, req.GetName(), req.GetEtag(), secretmanagerpb.SecretVersion_DISABLED)
}

// EnableSecretVersion lets a version be accessed again.
func (s *Server) EnableSecretVersion(
	_ context.Context, req *secretmanagerpb.EnableSecretVersionRequest,
) (*secretmanagerpb.SecretVersion, error) {
	return s.turn(s.store.update, req.GetName(), req.GetEtag(), secretmanagerpb.SecretVersion_ENABLED)
}

// DestroySecretVersion ends a version for ever; its payload is overwritten.
func (s *Server) DestroySecretVersion(
	_ context.Context, req *secretmanagerpb.DestroySecretVersionRequest,
) (*secretmanagerpb.SecretVersion, error) {
	return s.turn(s.store.erase, req.GetName(), req.GetEtag(), secretmanagerpb.SecretVersion_DESTROYED)
}

// turn brings a version into a state; the way it writes decides whether freed bytes are overwritten.
func (s *Server) turn(
	write func(func(*bbolt.Tx) error) error, name, etag string, state secretmanagerpb.SecretVersion_State,
) (*secretmanagerpb.SecretVersion, error) {
	secret, which, err := splitVersion(name)
	if err != nil {
		return nil, err
	}

	n := numberOf(which)
	if n == 0 {
		return nil, refuse(codes.InvalidArgument, "The provided Secret Version [%s] must be named by its number.", name)
	}

	var r versionRecord
	err = write(func(tx *bbolt.Tx) (err error) {
		if r, err = findVersion(tx, secret, n); err != nil {
			return err
		}

		if err := matchEtag(etag, r.Etag); err != nil {
			return err
		}

		if r.now() == secretmanagerpb.SecretVersion_DESTROYED {
			return refuse(codes.FailedPrecondition, "Secret Version [%s] is in DESTROYED state.", name)
		}

		return s.become(tx, &r, state)
	})
	if err != nil {
		return nil, err
	}

	return r.proto(state), nil
}

func (s *Server) become(tx *bbolt.Tx, r *versionRecord, state secretmanagerpb.SecretVersion_State) error {
	now := s.now().UTC()
	r.Etag = newEtag()
	if r.now() != state {
		r.States = append(r.visible(now.Add(-s.lag)), since{now, state})
	}

	key := versionKey(r.Secret, r.Number)
	if state == secretmanagerpb.SecretVersion_DESTROYED {
		r.Destroyed = now
		if err := tx.Bucket(payloads).Delete([]byte(key)); err != nil {
			return err
		}
	}

	return put(tx, versions, key, *r)
}
