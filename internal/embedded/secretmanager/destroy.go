package secretmanager

import (
	"context"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"
)

// DestroySecretVersion ends a version for ever, and overwrites its payload.
func (s *Server) DestroySecretVersion(
	_ context.Context, req *secretmanagerpb.DestroySecretVersionRequest,
) (*secretmanagerpb.SecretVersion, error) {
	secret, n, err := splitVersion(req.GetName())
	if err != nil {
		return nil, err
	}

	var r versionRecord
	err = s.store.erase(func(tx *bbolt.Tx) (err error) {
		if r, err = findVersion(tx, secret, n); err != nil {
			return err
		}

		if err := matchEtag(req.GetEtag(), r.Etag); err != nil {
			return err
		}

		if !r.Destroyed.IsZero() {
			return destroyed(r)
		}

		r.Etag, r.Destroyed = newEtag(), s.now().UTC()
		key := versionKey(secret, n)
		if err := tx.Bucket(payloads).Delete([]byte(key)); err != nil {
			return err
		}

		return put(tx, versions, key, r)
	})
	return r.proto(s.now()), err
}

func destroyed(r versionRecord) error {
	return refuse(codes.FailedPrecondition, "Secret Version [%s] is in DESTROYED state.", r.name())
}
