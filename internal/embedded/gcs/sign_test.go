package gcs_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
)

func signWith(key func() *rsa.PrivateKey) func([]byte) ([]byte, error) {
	return func(payload []byte) ([]byte, error) {
		sum := sha256.Sum256(payload)
		return rsa.SignPKCS1v15(rand.Reader, key(), crypto.SHA256, sum[:])
	}
}
