package secretmanager

import (
	"context"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/emptypb"
)

// CreateSecret makes a secret without versions.
func (s *Server) CreateSecret(
	_ context.Context, req *secretmanagerpb.CreateSecretRequest,
) (*secretmanagerpb.Secret, error) {
	if err := checkCreate(req); err != nil {
		return nil, err
	}

	sent := req.GetSecret()
	r := secretRecord{
		Name:        req.GetParent() + "/secrets/" + req.GetSecretId(),
		Created:     s.now().UTC(),
		Etag:        newEtag(),
		Labels:      sent.GetLabels(),
		Annotations: sent.GetAnnotations(),
	}
	err := s.store.update(func(tx *bbolt.Tx) error {
		if tx.Bucket(secrets).Get([]byte(r.Name)) != nil {
			return refuse(codes.AlreadyExists, "Secret [%s] already exists.", r.Name)
		}

		return put(tx, secrets, r.Name, r)
	})
	return r.proto(), err
}

// GetSecret returns a secret as it is now.
func (s *Server) GetSecret(_ context.Context, req *secretmanagerpb.GetSecretRequest) (*secretmanagerpb.Secret, error) {
	if err := checkSecret(req.GetName()); err != nil {
		return nil, err
	}

	var r secretRecord
	err := s.store.view(func(tx *bbolt.Tx) (err error) {
		r, err = find(tx, req.GetName())
		return err
	})
	return r.proto(), err
}

// UpdateSecret replaces the annotations.
func (s *Server) UpdateSecret(
	_ context.Context, req *secretmanagerpb.UpdateSecretRequest,
) (*secretmanagerpb.Secret, error) {
	if err := checkUpdate(req); err != nil {
		return nil, err
	}

	sent, r := req.GetSecret(), secretRecord{}
	err := s.store.update(func(tx *bbolt.Tx) (err error) {
		if r, err = find(tx, sent.GetName()); err != nil {
			return err
		}

		if err := matchEtag(sent.GetEtag(), r.Etag); err != nil {
			return err
		}

		r.Annotations, r.Etag = sent.GetAnnotations(), newEtag()
		return put(tx, secrets, r.Name, r)
	})
	return r.proto(), err
}

// DeleteSecret ends a secret with all its versions, and overwrites their payloads.
func (s *Server) DeleteSecret(_ context.Context, req *secretmanagerpb.DeleteSecretRequest) (*emptypb.Empty, error) {
	if err := checkSecret(req.GetName()); err != nil {
		return nil, err
	}

	err := s.store.erase(func(tx *bbolt.Tx) error {
		r, err := find(tx, req.GetName())
		if err != nil {
			return err
		}

		if err := matchEtag(req.GetEtag(), r.Etag); err != nil {
			return err
		}

		return s.remove(tx, r)
	})
	return &emptypb.Empty{}, err
}

func (s *Server) remove(tx *bbolt.Tx, r secretRecord) error {
	for n := int64(1); n <= r.Last; n++ {
		key := []byte(versionKey(r.Name, n))
		if err := tx.Bucket(payloads).Delete(key); err != nil {
			return err
		}

		if err := tx.Bucket(versions).Delete(key); err != nil {
			return err
		}
	}

	if err := tx.Bucket(secrets).Delete([]byte(r.Name)); err != nil || s.lag == 0 {
		return err
	}

	r.Gone = s.now().UTC()
	return put(tx, gone, r.Name, r)
}
