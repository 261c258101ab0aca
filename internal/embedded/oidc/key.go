package oidc

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/go-jose/go-jose/v4"

	"github.com/provenanceone/data-api/internal/fault"
)

const (
	keyFile = "key.pem"
	keyBits = 2048
)

// Key signs tokens.
type Key struct {
	private *rsa.PrivateKey
	id      string
}

// LoadKey returns the key of a directory, and makes one where there is none. Of several makers at once one wins, and
// all return its key.
//
// Errors: fault.Invalid if the file is readable by others or holds no RSA key in PKCS#8 PEM.
func LoadKey(dir string) (*Key, error) {
	path := filepath.Join(dir, keyFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := makeKey(dir, path); err != nil {
			return nil, fmt.Errorf("making key: %w", err)
		}
	}

	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("reading key: %w", err)
	}

	if info.Mode().Perm()&0o077 != 0 {
		return nil, fault.New(fault.Invalid, "The key %s must be readable by its owner alone (mode 0600).", path)
	}

	text, err := fs.ReadFile(os.DirFS(dir), keyFile)
	if err != nil {
		return nil, fmt.Errorf("reading key: %w", err)
	}

	private, err := parseKey(text)
	if err != nil {
		return nil, fault.New(fault.Invalid, "The key %s is no RSA key in PKCS#8 PEM.", path).Because(err)
	}

	return newKey(private)
}

func makeKey(dir, path string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}

	private, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return err
	}

	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return err
	}

	f, err := os.CreateTemp(dir, "key-*.new")
	if err != nil {
		return err
	}

	err = pem.Encode(f, &pem.Block{Type: "PRIVATE KEY", Bytes: der})
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Link(f.Name(), path)
	}

	if errors.Is(err, fs.ErrExist) {
		err = nil
	}

	return errors.Join(err, os.Remove(f.Name()))
}

func parseKey(text []byte) (*rsa.PrivateKey, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM block")
	}

	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}

	private, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("it is a %T", parsed)
	}

	return private, nil
}

func newKey(private *rsa.PrivateKey) (*Key, error) {
	thumb, err := (&jose.JSONWebKey{Key: private.Public()}).Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("naming key: %w", err)
	}

	return &Key{private: private, id: base64.RawURLEncoding.EncodeToString(thumb)}, nil
}

// ID returns the key's id, its RFC 7638 thumbprint.
func (k *Key) ID() string { return k.id }

func (k *Key) public() jose.JSONWebKey {
	return jose.JSONWebKey{Key: k.private.Public(), KeyID: k.id, Algorithm: string(jose.RS256), Use: "sig"}
}
