package secretmanager

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"go.etcd.io/bbolt"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// secretRecord is a secret as it is stored.
type secretRecord struct {
	Name        string
	Created     time.Time
	Etag        string
	Labels      map[string]string `json:",omitempty"`
	Annotations map[string]string `json:",omitempty"`
	Aliases     map[string]int64  `json:",omitempty"`
	Replication []byte            `json:",omitempty"`
	Policy      []byte            `json:",omitempty"`
	// Last is the number of the newest version, destroyed ones included.
	Last int64
	// Gone is when the secret was deleted.
	Gone time.Time `json:",omitzero"`
}

// versionRecord is a version as it is stored, without its payload.
type versionRecord struct {
	Secret    string
	Number    int64
	Created   time.Time
	Destroyed time.Time `json:",omitzero"`
	Etag      string
	// Checked is whether the client sent a checksum.
	Checked bool
	CRC32C  int64
	// States are what the version was since when, oldest first.
	States []since
}

type since struct {
	At    time.Time
	State secretmanagerpb.SecretVersion_State
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

func (r secretRecord) proto() (*secretmanagerpb.Secret, error) {
	s := &secretmanagerpb.Secret{
		Name:           r.Name,
		CreateTime:     timestamppb.New(r.Created),
		Etag:           r.Etag,
		Labels:         r.Labels,
		Annotations:    r.Annotations,
		VersionAliases: r.Aliases,
	}
	if r.Replication == nil {
		return s, nil
	}

	s.Replication = &secretmanagerpb.Replication{}
	return s, proto.Unmarshal(r.Replication, s.Replication)
}

func (r versionRecord) name() string { return versionName(r.Secret, r.Number) }

// state returns what the version was at a time, and its first state before that.
func (r versionRecord) state(at time.Time) secretmanagerpb.SecretVersion_State {
	was := r.States[0].State
	for _, s := range r.States {
		if !s.At.After(at) {
			was = s.State
		}
	}

	return was
}

func (r versionRecord) now() secretmanagerpb.SecretVersion_State {
	return r.States[len(r.States)-1].State
}

func (r versionRecord) proto(state secretmanagerpb.SecretVersion_State) *secretmanagerpb.SecretVersion {
	v := &secretmanagerpb.SecretVersion{
		Name:                           r.name(),
		CreateTime:                     timestamppb.New(r.Created),
		State:                          state,
		Etag:                           r.Etag,
		ClientSpecifiedPayloadChecksum: r.Checked,
	}
	if state == secretmanagerpb.SecretVersion_DESTROYED {
		v.DestroyTime = timestamppb.New(r.Destroyed)
	}

	return v
}

// visible returns the states that somebody may still see at a time or later: older ones are dropped.
func (r versionRecord) visible(at time.Time) []since {
	from := 0
	for i, s := range r.States {
		if !s.At.After(at) {
			from = i
		}
	}

	return r.States[from:]
}
