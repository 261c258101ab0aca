package secretmanager

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// secretRecord is a secret as it is stored.
type secretRecord struct {
	Name        string
	Created     time.Time
	Etag        string
	Labels      map[string]string `json:",omitempty"`
	Annotations map[string]string `json:",omitempty"`
	// Last is the number of the newest version, destroyed ones included.
	Last int64
	// Gone is when the secret was deleted.
	Gone time.Time `json:",omitzero"`
}

// versionRecord is a version as it is stored, without its payload.
type versionRecord struct {
	Secret  string
	Number  int64
	Created time.Time
	// Destroyed is the zero time while the version is enabled, the only other state there is here.
	Destroyed time.Time `json:",omitzero"`
	Etag      string
	// Checked is whether the client sent a checksum.
	Checked bool
	CRC32C  int64
}

func newEtag() string { return `"` + strings.ToLower(rand.Text()) + `"` }

// find returns the secret, or NOT_FOUND.
func find(tx *bbolt.Tx, name string) (secretRecord, error) {
	r, found, err := get[secretRecord](tx, secrets, name)
	if err == nil && !found {
		err = noSecret(name)
	}

	return r, err
}

// findVersion returns a version by its number, or NOT_FOUND.
func findVersion(tx *bbolt.Tx, secret string, n int64) (versionRecord, error) {
	r, found, err := get[versionRecord](tx, versions, versionKey(secret, n))
	if err == nil && !found {
		err = noVersion(versionName(secret, n))
	}

	return r, err
}

// versionKey sorts the versions of a secret by number.
func versionKey(secret string, n int64) string { return fmt.Sprintf("%s/versions/%020d", secret, n) }

func (r secretRecord) proto() *secretmanagerpb.Secret {
	return &secretmanagerpb.Secret{
		Name:        r.Name,
		CreateTime:  timestamppb.New(r.Created),
		Etag:        r.Etag,
		Labels:      r.Labels,
		Annotations: r.Annotations,
	}
}

func (r versionRecord) name() string { return versionName(r.Secret, r.Number) }

// proto is the version as it was at a time.
func (r versionRecord) proto(at time.Time) *secretmanagerpb.SecretVersion {
	v := &secretmanagerpb.SecretVersion{
		Name:                           r.name(),
		CreateTime:                     timestamppb.New(r.Created),
		State:                          secretmanagerpb.SecretVersion_ENABLED,
		Etag:                           r.Etag,
		ClientSpecifiedPayloadChecksum: r.Checked,
	}
	if !r.Destroyed.IsZero() && !r.Destroyed.After(at) {
		v.State, v.DestroyTime = secretmanagerpb.SecretVersion_DESTROYED, timestamppb.New(r.Destroyed)
	}

	return v
}
