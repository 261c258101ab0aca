package secretmanager

import (
	"context"
	"strings"

	"cloud.google.com/go/iam/apiv1/iampb"
	"go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

// SetIamPolicy replaces the policy of a secret. The emulator keeps policies and enforces none: whoever has the bearer
// may do everything.
func (s *Server) SetIamPolicy(_ context.Context, req *iampb.SetIamPolicyRequest) (*iampb.Policy, error) {
	if err := checkSecret(req.GetResource()); err != nil {
		return nil, err
	}

	if req.GetPolicy() == nil {
		return nil, refuse(codes.InvalidArgument, "A policy must be provided.")
	}

	next := proto.CloneOf(req.GetPolicy())
	err := s.store.update(func(tx *bbolt.Tx) error {
		r, had, err := policyOf(tx, req.GetResource())
		if err != nil {
			return err
		}

		if sent := next.GetEtag(); len(sent) > 0 && string(sent) != string(had.GetEtag()) {
			return refuse(codes.Aborted, "There were concurrent policy changes. Please retry the whole "+
				"read-modify-write with exponential backoff.")
		}

		next.Etag = []byte(newEtag())
		if r.Policy, err = proto.Marshal(next); err != nil {
			return err
		}

		return put(tx, secrets, r.Name, r)
	})
	if err != nil {
		return nil, err
	}

	return next, nil
}

// GetIamPolicy returns the policy of a secret, an empty one if none was set.
func (s *Server) GetIamPolicy(_ context.Context, req *iampb.GetIamPolicyRequest) (p *iampb.Policy, err error) {
	if err := checkSecret(req.GetResource()); err != nil {
		return nil, err
	}

	err = s.store.view(func(tx *bbolt.Tx) (err error) {
		_, p, err = policyOf(tx, req.GetResource())
		return err
	})
	return p, err
}

// noPolicyEtag is what Google answers for a policy that was never set.
var noPolicyEtag = []byte("ACAB")

func policyOf(tx *bbolt.Tx, name string) (secretRecord, *iampb.Policy, error) {
	r, err := find(tx, name)
	if err != nil || r.Policy == nil {
		return r, &iampb.Policy{Etag: noPolicyEtag}, err
	}

	p := &iampb.Policy{}
	return r, p, proto.Unmarshal(r.Policy, p)
}

// TestIamPermissions grants all that exist on a secret, and none on one that does not exist.
func (s *Server) TestIamPermissions(
	_ context.Context, req *iampb.TestIamPermissionsRequest,
) (*iampb.TestIamPermissionsResponse, error) {
	if err := checkSecret(req.GetResource()); err != nil {
		return nil, err
	}

	for _, p := range req.GetPermissions() {
		if !strings.HasPrefix(p, "secretmanager.") || strings.Contains(p, "*") {
			return nil, refuse(codes.InvalidArgument, "Permission %s is not valid for this resource.", p)
		}
	}

	res := &iampb.TestIamPermissionsResponse{}
	err := s.store.view(func(tx *bbolt.Tx) error {
		if tx.Bucket(secrets).Get([]byte(req.GetResource())) != nil {
			res.Permissions = req.GetPermissions()
		}

		return nil
	})
	return res, err
}
