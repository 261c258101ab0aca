package testkit

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"sync"
	"testing"
	"time"

	blobs "github.com/provenanceone/data-api/internal/embedded/gcs"
	vault "github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/secretmanager"
)

// background is for what *rapid.T asks, which has no context.
var background = context.Background()

const (
	// Signer is the service account that signs URLs.
	Signer = "signer@dev.iam.gserviceaccount.com"
	// Bearer is the token that storage and vault want of the server.
	Bearer = "a-token-of-this-boot"
)

// SigningKey is the signer's, made once a process.
var SigningKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}

	return key
})

// Storage is Google Cloud Storage as the server uses it, on the emulator.
type Storage struct {
	*gcs.Store
	Emulator *blobs.Server
	// HTTP sends to signed URLs.
	HTTP *http.Client
}

// NewStorage returns a storage with the bucket "blobs-eu" for the region eu; further regions have no bucket yet. A nil
// clock is the machine's.
func NewStorage(t *testing.T, now func() time.Time, more ...string) *Storage {
	t.Helper()
	s := &Storage{}
	var err error
	s.Emulator, err = blobs.Start(t.Context(), blobs.Options{
		Dir:     t.TempDir(),
		Bearer:  Bearer,
		Signers: map[string]*rsa.PublicKey{Signer: &SigningKey().PublicKey},
		Now:     now,
	})
	Must(t, err)
	t.Cleanup(func() { Must(t, s.Emulator.Close()) })

	buckets := map[string]string{}
	for _, region := range append(more, "eu") {
		buckets[region] = "blobs-" + region
	}

	s.Store, err = gcs.New(t.Context(), gcs.Options{
		Buckets:  buckets,
		Signer:   gcs.NewSigner(Signer, SigningKey()),
		Endpoint: s.Emulator.URL(),
		Bearer:   Bearer,
		Project:  "dev",
	})
	Must(t, err)
	t.Cleanup(func() { Must(t, s.Close()) })
	Must(t, s.EnsureBucket(t.Context(), "eu"))

	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	s.HTTP = &http.Client{Transport: transport}
	return s
}

// NewVault returns Google Secret Manager as the server uses it, on the emulator, for the region eu.
func NewVault(t *testing.T) *secretmanager.Vault {
	t.Helper()
	return NewVaultOf(t, "")
}

// NewVaultOf is NewVault of a deployment.
func NewVaultOf(t *testing.T, instance string) *secretmanager.Vault {
	t.Helper()
	s, err := vault.Start(t.Context(), vault.Options{Dir: t.TempDir(), Listen: "127.0.0.1:0", Bearer: Bearer})
	Must(t, err)
	t.Cleanup(func() { Must(t, s.Close()) })

	v, err := secretmanager.New(t.Context(), secretmanager.Options{
		Project:   "dev",
		Locations: map[string]string{"eu": "europe-west1"},
		Endpoint:  s.Addr(),
		Bearer:    Bearer,
		Instance:  instance,
	})
	Must(t, err)
	t.Cleanup(func() { Must(t, v.Close()) })
	return v
}
