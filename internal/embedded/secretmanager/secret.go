package secretmanager

import (
	"context"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
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
	if sent.GetReplication() != nil {
		var err error
		if r.Replication, err = proto.Marshal(sent.GetReplication()); err != nil {
			return nil, err
		}
	}

	err := s.store.update(func(tx *bbolt.Tx) error {
		if tx.Bucket(secrets).Get([]byte(r.Name)) != nil {
			return refuse(codes.AlreadyExists, "Secret [%s] already exists.", r.Name)
		}

		return put(tx, secrets, r.Name, r)
	})
	if err != nil {
		return nil, err
	}

	return r.proto()
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
	if err != nil {
		return nil, err
	}

	return r.proto()
}

// UpdateSecret changes labels, annotations and aliases.
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

		r.apply(req)
		r.Etag = newEtag()
		return put(tx, secrets, r.Name, r)
	})
	if err != nil {
		return nil, err
	}

	return r.proto()
}

func (r *secretRecord) apply(req *secretmanagerpb.UpdateSecretRequest) {
	sent := req.GetSecret()
	for _, path := range req.GetUpdateMask().GetPaths() {
		switch path {
		case "labels":
			r.Labels = sent.GetLabels()
		case "annotations":
			r.Annotations = sent.GetAnnotations()
		case "version_aliases":
			r.Aliases = sent.GetVersionAliases()
		}
	}
}

// DeleteSecret ends a secret with all its versions; their payloads are overwritten.
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
	if err != nil {
		return nil, err
	}

	return &emptypb.Empty{}, nil
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
