package secret

import (
	"crypto/hmac"
	"crypto/sha256"
)

// Fingerprint tells whether a secret is given the value that it has. Without the server's key it tells nothing.
type Fingerprint []byte

// ServerKey keys the fingerprints.
type ServerKey []byte

// fingerprint is of one secret: the same value in two of them looks like two.
func (k ServerKey) fingerprint(id ID, v Value) Fingerprint {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte("data-api secret fingerprint v1\x00" + id.String() + "\x00"))
	mac.Write(v.Open())
	return mac.Sum(nil)
}
