package gcs

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// Signer signs in the name of a service account.
type Signer interface {
	// Email is the account's.
	Email() string
	// SignBytes returns the RSA-SHA256 signature (PKCS #1 v1.5) of the bytes.
	SignBytes(ctx context.Context, payload []byte) ([]byte, error)
}

// keySigner keeps the parsed key: parsing costs more than signing.
type keySigner struct {
	email string
	key   *rsa.PrivateKey
}

// NewSigner returns a signer of a service account's key.
func NewSigner(email string, key *rsa.PrivateKey) Signer { return keySigner{email: email, key: key} }

// LoadSigner reads a service account's key file, in the JSON form that Google hands out.
//
// Errors: a file that cannot be read, or is no such key; they never quote the file.
func LoadSigner(path string) (Signer, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the service account's key file: %w", err)
	}

	var file struct {
		Type       string `json:"type"`
		Email      string `json:"client_email"`
		PrivateKey string `json:"private_key"`
	}
	if err := json.Unmarshal(raw, &file); err != nil || file.Type != "service_account" || file.Email == "" {
		return nil, errors.New("reading the service account's key file: it is not the JSON of a service account's key")
	}

	return parseSigner(file.Email, []byte(file.PrivateKey))
}

func parseSigner(email string, encoded []byte) (Signer, error) {
	block, _ := pem.Decode(encoded)
	if email == "" || block == nil {
		return nil, errors.New("reading the service account's private key: it takes an email and a key in PEM")
	}

	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return NewSigner(email, key), nil
	}

	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("reading the service account's private key: it is neither PKCS #1 nor PKCS #8")
	}

	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("reading the service account's private key: it is not an RSA key")
	}

	return NewSigner(email, key), nil
}

// Email is the account's.
func (k keySigner) Email() string { return k.email }

// SignBytes returns the signature of the bytes.
func (k keySigner) SignBytes(_ context.Context, payload []byte) ([]byte, error) {
	sum := sha256.Sum256(payload)
	return rsa.SignPKCS1v15(rand.Reader, k.key, crypto.SHA256, sum[:])
}

// NoSigner returns a signer for commands that sign no URL. It always fails.
func NoSigner() Signer { return noSigner{} }

// Signs reports whether the Store has a signer that can sign.
func (s *Store) Signs() bool { return s.opts.Signer != NoSigner() }

type noSigner struct{}

// Email is nobody's.
func (noSigner) Email() string { return "nobody" }

// SignBytes signs nothing.
func (noSigner) SignBytes(context.Context, []byte) ([]byte, error) {
	return nil, errors.New("this process signs no URLs")
}
