package secret

import (
	"crypto/hmac"
	"crypto/sha256"
)

// Fingerprint tells whether a secret is given the value that it has. Without the server's key it tells nothing.
type Fingerprint []byte

// ServerKeys key hashes that are stored. The first makes them, each is accepted: so servers whose keys are being
// changed know each other's.
type ServerKeys [][]byte

// fingerprints are of one value by each of the keys.
func (k ServerKeys) fingerprints(id ID, v Value) []Fingerprint {
	all := make([]Fingerprint, len(k))
	for i, key := range k {
		all[i] = fingerprint(key, id, v)
	}

	return all
}

// fingerprint is of one secret: the same value in two of them looks like two.
func fingerprint(key []byte, id ID, v Value) Fingerprint {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte("data-api secret fingerprint v1\x00" + id.String() + "\x00"))
	mac.Write(v.Open())
	return mac.Sum(nil)
}
