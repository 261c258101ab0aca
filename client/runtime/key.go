package runtime

import (
	"crypto/ecdh"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// Key is the private key of a runtime: whoever has it can read what is sealed to its public key, and nobody else can.
type Key struct {
	private *ecdh.PrivateKey
}

// NewKey makes a key.
func NewKey() (Key, error) {
	private, err := ecdh.X25519().GenerateKey(rand.Reader)
	return Key{private}, err
}

// LoadKey reads a key from a file that Save or `openssl genpkey -algorithm X25519` has made: PKCS #8 in PEM.
//
// Errors: one that says what is wrong with the file, and shows nothing of it.
func LoadKey(path string) (Key, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Key{}, fmt.Errorf("runtime key: %w", err)
	}

	block, _ := pem.Decode(text)
	if block == nil {
		return Key{}, fmt.Errorf("runtime key: %s is no PEM file", path)
	}

	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	private, ok := parsed.(*ecdh.PrivateKey)
	if err != nil || !ok || private.Curve() != ecdh.X25519() {
		return Key{}, fmt.Errorf("runtime key: %s holds no X25519 private key in PKCS #8", path)
	}

	return Key{private}, nil
}

// Save writes the key to a new file that only its owner reads. Errors: one if there is such a file already.
func (k Key) Save(path string) (err error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.private)
	if err != nil {
		return fmt.Errorf("runtime key: %w", err)
	}

	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("runtime key: %w", err)
	}

	defer func() { err = errors.Join(err, file.Close()) }()
	if err := pem.Encode(file, &pem.Block{Type: "PRIVATE KEY", Bytes: der}); err != nil {
		return fmt.Errorf("runtime key: %w", err)
	}

	return file.Sync()
}

// Public is what an admin registers by addRuntimeKey: the public key in base64.
func (k Key) Public() string { return base64.StdEncoding.EncodeToString(k.private.PublicKey().Bytes()) }

// String says which key it is, by its public half.
func (k Key) String() string { return "runtime key " + k.Public() }

// GoString is String: no way of printing shows the private half.
func (k Key) GoString() string { return k.String() }

// Format is String, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(k.String())) }
