package gcs_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/gcs"
)

func file(t *testing.T, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	testkit.Must(t, os.WriteFile(path, content, 0o600))
	return path
}

func encoded(t *testing.T) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key())
	testkit.Must(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func wantSigns(t *testing.T, s gcs.Signer) {
	t.Helper()
	signature, err := s.SignBytes(t.Context(), []byte("payload"))
	testkit.Must(t, err)
	sum := sha256.Sum256([]byte("payload"))
	if s.Email() != email || rsa.VerifyPKCS1v15(&key().PublicKey, crypto.SHA256, sum[:], signature) != nil {
		t.Errorf("%s does not sign with its key", s.Email())
	}
}

func TestLoadSigner_GooglesKeyFileInEitherForm_Signs(t *testing.T) {
	t.Parallel()
	old := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key())})
	for _, form := range [][]byte{encoded(t), old} {
		content, err := json.Marshal(map[string]string{
			"type":         "service_account",
			"client_email": email,
			"private_key":  string(form),
		})
		testkit.Must(t, err)
		s, err := gcs.LoadSigner(file(t, content))
		testkit.Must(t, err)
		wantSigns(t, s)
	}
}

func TestLoadSigner_NoKeyFile_IsRefusedUnquoted(t *testing.T) {
	t.Parallel()
	for _, content := range []string{
		"hunter2", `{"type":"authorized_user","client_email":"hunter2"}`,
		`{"type":"service_account","client_email":"a@b","private_key":"hunter2"}`,
		`{"type":"service_account","private_key":"hunter2"}`,
	} {
		if _, err := gcs.LoadSigner(file(t, []byte(content))); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("got %v", err)
		}
	}
	if _, err := gcs.LoadSigner(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a missing file is a signer")
	}
}
