package oidc_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	verifier "github.com/coreos/go-oidc/v3/oidc"
	"go.uber.org/goleak"

	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, o oidc.Options) *oidc.Issuer {
	t.Helper()
	o.Listen = "127.0.0.1:0"
	i, err := oidc.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := i.Close(); err != nil {
			t.Error(err)
		}
	})
	return i
}

// web is a client without connections that outlive a test.
func web() *http.Client {
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
}

func mint(t *testing.T, dir string, c oidc.Claims) string {
	t.Helper()
	key, err := oidc.LoadKey(dir)
	if err != nil {
		t.Fatal(err)
	}
	token, err := key.Mint(c)
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func TestIssuer_TokenMintedFromItsDirectory_IsVerified(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "made", "at first start")
	i := start(t, oidc.Options{Dir: dir})
	ctx := verifier.ClientContext(t.Context(), web())
	provider, err := verifier.NewProvider(ctx, i.URL())
	if err != nil {
		t.Fatal(err)
	}
	raw := mint(t, dir, oidc.Claims{
		Issuer:        i.URL(),
		Audience:      "data-api",
		Subject:       "ada",
		Email:         "ada@example.com",
		EmailVerified: true,
		ExpiresIn:     time.Hour,
	})
	token, err := provider.VerifierContext(ctx, &verifier.Config{ClientID: "data-api"}).Verify(ctx, raw)
	if err != nil {
		t.Fatal(err)
	}
	var c struct {
		Email         string `json:"email"`
		EmailVerified bool   `json:"email_verified"`
	}
	if err := token.Claims(&c); err != nil || token.Subject != "ada" || c.Email != "ada@example.com" ||
		!c.EmailVerified {
		t.Errorf("token is %+v, claims %+v, %v", token, c, err)
	}
}

func TestIssuer_AnythingElse_IsAJSONNotFound(t *testing.T) {
	t.Parallel()
	i := start(t, oidc.Options{Dir: t.TempDir()})
	for method, path := range map[string]string{"GET": "/", "POST": "/jwks.json", "PUT": "/key.pem", "HEAD": "/demo-token"} {
		req, err := http.NewRequestWithContext(t.Context(), method, i.URL()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := web().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusNotFound || res.Header.Get("Content-Type") != "application/json" ||
			err != nil || res.Body.Close() != nil {
			t.Errorf("%s %s: %s %v", method, path, res.Status, res.Header)
		}
		if method != "HEAD" && !json.Valid(body) {
			t.Errorf("%s %s: %s", method, path, body)
		}
	}
}

func TestIssuer_NeverServesOrLogsThePrivateKey(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	i := start(t, oidc.Options{
		Dir: t.TempDir(),
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	res, err := web().Get(i.URL() + "/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil || res.Body.Close() != nil || strings.Contains(string(body), `"d"`) ||
		!strings.Contains(string(body), `"n"`) {
		t.Errorf("key set is %s, %v", body, err)
	}
	if err := i.Close(); err != nil || !strings.Contains(log.String(), "/jwks.json") {
		t.Errorf("%v, log is %s", err, log.String())
	}
}

func TestStart_NotLoopback_IsInvalid(t *testing.T) {
	t.Parallel()
	for _, listen := range []string{"0.0.0.0:0", ":0", "[::1]:0", "192.0.2.1:80", "nonsense"} {
		if _, err := oidc.Start(t.Context(), oidc.Options{Dir: t.TempDir(), Listen: listen}); !fault.Is(err,
			fault.Invalid) {
			t.Errorf("listening on %q: %v", listen, err)
		}
	}
}

func TestLoadKey_ManyAtOnce_ReturnOneKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var ids [4]string
	var wg sync.WaitGroup
	for n := range ids {
		wg.Go(func() {
			if k, err := oidc.LoadKey(dir); err != nil {
				t.Error(err)
			} else {
				ids[n] = k.ID()
			}
		})
	}
	wg.Wait()
	if ids[0] == "" || ids != [4]string{ids[0], ids[0], ids[0], ids[0]} {
		t.Errorf("keys are %v", ids)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("left behind: %v, %v", files, err)
	}
	if info, err := files[0].Info(); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v, %v", info.Mode(), err)
	}
}

func TestLoadKey_BadFile_IsInvalid(t *testing.T) {
	t.Parallel()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"empty":             nil,
		"no PEM":            []byte("key"),
		"no key in the PEM": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}),
		"no RSA key":        pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "key.pem"), text, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := oidc.LoadKey(dir); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoadKey_ReadableByOthers_IsInvalid(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := oidc.LoadKey(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(dir, "key.pem"), 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := oidc.LoadKey(dir); !fault.Is(err, fault.Invalid) {
		t.Error(err)
	}
}
