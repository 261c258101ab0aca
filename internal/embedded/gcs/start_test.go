package gcs_test

import (
	"context"
	"crypto/rsa"
	"testing"

	"github.com/provenanceone/data-api/internal/embedded/gcs"
)

func gcsStart(dir, listen string) (*gcs.Server, error) {
	return gcs.Start(context.Background(), gcs.Options{Dir: dir, Listen: listen, Bearer: token, Signers: signers()})
}

func TestStart_OffLoopback_IsRefused(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.com:80", "nonsense"} {
		if s, err := gcsStart(t.TempDir(), listen); err == nil {
			t.Errorf("listens on %q", s.URL())
		}
	}
}

func TestStart_WithoutBearerOrKey_IsRefused(t *testing.T) {
	t.Parallel()
	for _, o := range []gcs.Options{{Dir: t.TempDir()}, {Bearer: token}, {
		Dir:     t.TempDir(),
		Bearer:  token,
		Signers: map[string]*rsa.PublicKey{"a@b": nil},
	}} {
		if _, err := gcs.Start(t.Context(), o); err == nil {
			t.Errorf("starts with %+v", o)
		}
	}
}

func TestClose_Twice_IsNoError(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.must(r.server.Close())
	r.must(r.server.Close())
}
