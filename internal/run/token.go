package run

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"github.com/provenanceone/data-api/internal/secret"
)

// tokenBytes is the length of a lease's token.
const tokenBytes = 32

// TokenHash is what is kept of a token. It is keyed: without the server's key nobody can tell or choose any bit of it,
// so that looking it up takes no time from which anything of a token could be learnt.
type TokenHash []byte

// Holder is who says that it holds a lease.
type Holder struct {
	LeaseID     LeaseID
	PrincipalID string
	TokenHash   TokenHash
}

func newToken() []byte {
	token := make([]byte, tokenBytes)
	_, _ = rand.Read(token) // it never fails
	return token
}

// hash is of one lease: a token of another one has another hash.
func (s *Service) hash(of LeaseID, token []byte) TokenHash {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("data-api lease token v1\x00" + of.String() + "\x00"))
	mac.Write(token)
	return mac.Sum(nil)
}

// hashOf is the hash of a token as callers send it, in base64; of what is none it is one that no lease has.
func (s *Service) hashOf(of LeaseID, sent secret.Value) TokenHash {
	token := make([]byte, tokenBytes+1) // a token is shorter, whatever its base64 is padded with
	defer clear(token)
	text := sent.Open()
	if base64.StdEncoding.DecodedLen(len(text)) > len(token) {
		return make(TokenHash, sha256.Size)
	}

	n, err := base64.StdEncoding.Strict().Decode(token, text)
	if err != nil || n != tokenBytes {
		return make(TokenHash, sha256.Size)
	}

	return s.hash(of, token[:n])
}
