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
	// TokenHashes are those of the token by each of the server's keys.
	TokenHashes []TokenHash
}

func newToken() []byte {
	token := make([]byte, tokenBytes)
	_, _ = rand.Read(token) // it never fails
	return token
}

// hashes are of one lease, by each of the server's keys: a token of another one has other hashes.
func (s *Service) hashes(of LeaseID, token []byte) []TokenHash {
	all := make([]TokenHash, len(s.server))
	for i, key := range s.server {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte("data-api lease token v1\x00" + of.String() + "\x00"))
		mac.Write(token)
		all[i] = mac.Sum(nil)
	}

	return all
}

// hashesOf are the hashes of a token as callers send it, in base64; of what is none it is one that no lease has.
func (s *Service) hashesOf(of LeaseID, sent secret.Value) []TokenHash {
	none := []TokenHash{make(TokenHash, sha256.Size)}
	token := make([]byte, tokenBytes+1) // a token is shorter, whatever its base64 is padded with
	defer clear(token)
	text := sent.Open()
	if base64.StdEncoding.DecodedLen(len(text)) > len(token) {
		return none
	}

	n, err := base64.StdEncoding.Strict().Decode(token, text)
	if err != nil || n != tokenBytes {
		return none
	}

	return s.hashes(of, token[:n])
}
