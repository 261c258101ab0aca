package secretmanager

import (
	"bytes"
	"context"
	"fmt"
	"hash/crc32"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"
)

// maxPayload is in bytes.
const maxPayload = 64 << 10

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// AddSecretVersion keeps a payload under the next number.
func (s *Server) AddSecretVersion(
	_ context.Context, req *secretmanagerpb.AddSecretVersionRequest,
) (*secretmanagerpb.SecretVersion, error) {
	if err := checkSecret(req.GetParent()); err != nil {
		return nil, err
	}

	sum, err := checkPayload(req.GetPayload())
	if err != nil {
		return nil, err
	}

	added := versionRecord{Secret: req.GetParent(), Checked: req.GetPayload().DataCrc32C != nil, CRC32C: sum}
	err = s.store.update(func(tx *bbolt.Tx) error { return s.add(tx, &added, req.GetPayload().GetData()) })
	return added.proto(added.Created), err
}

func checkPayload(p *secretmanagerpb.SecretPayload) (sum int64, err error) {
	sum = int64(crc32.Checksum(p.GetData(), castagnoli))
	switch {
	case len(p.GetData()) == 0:
		return 0, refuse(codes.InvalidArgument, "Secret Payload cannot be empty.")
	case len(p.GetData()) > maxPayload:
		return 0, refuse(codes.InvalidArgument,
			"The payload of a Secret Version may have at most %d bytes.", maxPayload)
	case p.DataCrc32C != nil && p.GetDataCrc32C() != sum:
		return 0, refuse(codes.InvalidArgument, "The payload's checksum does not match the provided data_crc32c.")
	}

	return sum, nil
}

func (s *Server) add(tx *bbolt.Tx, v *versionRecord, plain []byte) error {
	parent, err := find(tx, v.Secret)
	if err != nil {
		return err
	}

	parent.Last++
	v.Number, v.Created, v.Etag = parent.Last, s.now().UTC(), newEtag()
	sealed, err := s.aead.Encrypt(plain, []byte(v.name()))
	if err != nil {
		return fmt.Errorf("sealing payload of %s: %w", v.name(), err)
	}

	if err := tx.Bucket(payloads).Put([]byte(versionKey(v.Secret, v.Number)), sealed); err != nil {
		return err
	}

	if err := put(tx, versions, versionKey(v.Secret, v.Number), *v); err != nil {
		return err
	}

	return put(tx, secrets, parent.Name, parent)
}

// GetSecretVersion returns a version without its payload.
func (s *Server) GetSecretVersion(
	_ context.Context, req *secretmanagerpb.GetSecretVersionRequest,
) (*secretmanagerpb.SecretVersion, error) {
	r, err := s.version(req.GetName(), func(*bbolt.Tx, versionRecord) error { return nil })
	return r.proto(s.now()), err
}

// AccessSecretVersion returns a payload.
func (s *Server) AccessSecretVersion(
	_ context.Context, req *secretmanagerpb.AccessSecretVersionRequest,
) (*secretmanagerpb.AccessSecretVersionResponse, error) {
	var sealed []byte
	r, err := s.version(req.GetName(), func(tx *bbolt.Tx, r versionRecord) error {
		if !r.Destroyed.IsZero() {
			return destroyed(r)
		}

		sealed = bytes.Clone(tx.Bucket(payloads).Get([]byte(versionKey(r.Secret, r.Number))))
		return nil
	})
	if err != nil {
		return nil, err
	}

	plain, err := s.aead.Decrypt(sealed, []byte(r.name()))
	if err != nil {
		return nil, fmt.Errorf("opening payload of %s: %w", r.name(), err)
	}

	return &secretmanagerpb.AccessSecretVersionResponse{
		Name:    r.name(),
		Payload: &secretmanagerpb.SecretPayload{Data: plain, DataCrc32C: &r.CRC32C},
	}, nil
}

// version finds a version by its full name, and reads more of it in the same transaction.
func (s *Server) version(name string, read func(*bbolt.Tx, versionRecord) error) (r versionRecord, err error) {
	secret, n, err := splitVersion(name)
	if err != nil {
		return r, err
	}

	err = s.store.view(func(tx *bbolt.Tx) error {
		if _, err := find(tx, secret); err != nil {
			return err
		}

		if r, err = findVersion(tx, secret, n); err != nil {
			return err
		}

		return read(tx, r)
	})
	return r, err
}
