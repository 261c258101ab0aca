package dev

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// signerEmail is the service account that signs URLs of the embedded storage.
const signerEmail = "signer@embedded.iam.gserviceaccount.com"

// keys are the files that an instance's backends and servers share.
type keys struct {
	signing, server, bearer string
	// signer verifies what the signing key signs; token is what bearer holds.
	signer *rsa.PublicKey
	token  string
}

// makeKeys returns the instance's keys, and makes the missing ones.
func makeKeys(dir string) (k keys, err error) {
	k = keys{
		signing: filepath.Join(dir, "signing-key.json"),
		server:  filepath.Join(dir, "server.key"),
		bearer:  filepath.Join(dir, "backend.bearer"),
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return k, err
	}

	if k.signer, err = signingKey(k.signing); err != nil {
		return k, fmt.Errorf("making %s: %w", k.signing, err)
	}

	if _, err := randomFile(k.server); err != nil {
		return k, fmt.Errorf("making %s: %w", k.server, err)
	}

	if k.token, err = randomFile(k.bearer); err != nil {
		return k, fmt.Errorf("making %s: %w", k.bearer, err)
	}

	return k, nil
}

// randomFile returns the content of a file of 32 random bytes in base64.
func randomFile(path string) (string, error) {
	raw, err := os.ReadFile(path)
	if err == nil || !errors.Is(err, os.ErrNotExist) {
		return string(raw), err
	}

	random := make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		return "", err
	}

	text := base64.RawURLEncoding.EncodeToString(random)
	return text, writeFile(path, []byte(text))
}

// serviceAccount is the file that Google gives out for a service account's key.
type serviceAccount struct {
	Type         string `json:"type"`
	ProjectID    string `json:"project_id"`
	PrivateKeyID string `json:"private_key_id"`
	PrivateKey   string `json:"private_key"`
	ClientEmail  string `json:"client_email"`
	TokenURI     string `json:"token_uri"`
}

func signingKey(path string) (*rsa.PublicKey, error) {
	raw, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		if raw, err = newSigningKey(); err == nil {
			err = writeFile(path, raw)
		}
	}

	if err != nil {
		return nil, err
	}

	var account serviceAccount
	if err := json.Unmarshal(raw, &account); err != nil {
		return nil, err
	}

	block, _ := pem.Decode([]byte(account.PrivateKey))
	if block == nil {
		return nil, errors.New("it holds no PEM private key")
	}

	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}

	signer, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("its key is a %T, not RSA", key)
	}

	return &signer.PublicKey, nil
}

func newSigningKey() ([]byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}

	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}

	return json.MarshalIndent(serviceAccount{ //nolint:gosec // the fields of the file are called so; its key was made just now
		Type:         "service_account",
		ProjectID:    "embedded",
		PrivateKeyID: "embedded",
		ClientEmail:  signerEmail,
		TokenURI:     "http://127.0.0.1/none",
		PrivateKey:   string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
	}, "", "  ")
}
