package secretmanager

import (
	"cmp"

	"cloud.google.com/go/secretmanager/apiv1/secretmanagerpb"
	"go.etcd.io/bbolt"
	"google.golang.org/grpc/codes"
)

// resolve finds the version that a name means, with the state that the caller may see.
//
// By number or alias that is the state now; `latest` shows everything as it was before the lag.
func (s *Server) resolve(tx *bbolt.Tx, name string) (versionRecord, secretmanagerpb.SecretVersion_State, error) {
	secret, which, err := splitVersion(name)
	if err != nil {
		return versionRecord{}, 0, err
	}

	parent, err := find(tx, secret)
	if err != nil {
		return versionRecord{}, 0, err
	}

	if which == "latest" {
		return s.latest(tx, parent)
	}

	n := cmp.Or(numberOf(which), parent.Aliases[which])
	if n == 0 {
		return versionRecord{}, 0, noVersion(name)
	}

	r, err := findVersion(tx, secret, n)
	if err != nil {
		return r, 0, err
	}

	return r, r.now(), nil
}

// latest is the newest version in whatever state, as Google has it.
func (s *Server) latest(tx *bbolt.Tx, parent secretRecord) (versionRecord, secretmanagerpb.SecretVersion_State, error) {
	seen := s.now().Add(-s.lag)
	for n := parent.Last; n > 0; n-- {
		r, err := findVersion(tx, parent.Name, n)
		if err != nil {
			return r, 0, err
		}

		if !r.Created.After(seen) {
			return r, r.state(seen), nil
		}
	}

	return versionRecord{}, 0, refuse(codes.NotFound, "Secret [%s] not found or has no versions.", parent.Name)
}
