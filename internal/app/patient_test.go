package app

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/doctor"
	blobs "github.com/provenanceone/data-api/internal/embedded/gcs"
	vault "github.com/provenanceone/data-api/internal/embedded/secretmanager"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/testkit"
)

// patient is what a server depends on, all of it well, before it is started: a test may make some of it ill.
type patient struct {
	t        *testing.T
	dir      string
	settings config.Serve
	database *pgtest.Database
	storage  blobs.Options
	vault    vault.Options
	// bucket is the bucket's resource as it is created; nil for no bucket.
	bucket map[string]any
	// issuerName and keys are what the issuer says; an empty name is the right one.
	issuerName, keys string
	// ahead is how far the clock of whoever asks is ahead.
	ahead time.Duration
}

func newPatient(t *testing.T) *patient {
	t.Helper()
	p := &patient{t: t, dir: t.TempDir(), database: pgtest.New(t), keys: keySet()}
	p.storage = blobs.Options{
		Dir:     t.TempDir(),
		Bearer:  testkit.Bearer,
		Signers: map[string]*rsa.PublicKey{testkit.Signer: &testkit.SigningKey().PublicKey},
	}
	p.vault = vault.Options{Dir: t.TempDir(), Listen: "127.0.0.1:0", Bearer: testkit.Bearer}
	p.bucket = map[string]any{
		"name":     "blobs-eu",
		"location": "EUROPE-WEST1",
		"iamConfiguration": map[string]any{
			"uniformBucketLevelAccess": map[string]any{"enabled": true},
			"publicAccessPrevention":   "enforced",
		},
		"lifecycle": map[string]any{"rule": []any{map[string]any{
			"action":    map[string]any{"type": "Delete"},
			"condition": map[string]any{"age": 8, "matchesPrefix": []string{"staging/"}},
		}}},
		"cors": []any{map[string]any{
			"origin": []string{"https://console.example"},
			"method": []string{"PUT", "GET"},
			"responseHeader": []string{"Content-Type", "Content-MD5", "x-goog-content-length-range",
				"x-goog-if-generation-match", "ETag", "x-goog-generation", "x-goog-hash"},
		}},
	}
	issuer := httptest.NewServer(http.HandlerFunc(p.answer))
	t.Cleanup(issuer.Close)
	p.settings = config.Serve{
		Stores: config.Stores{
			DatabaseURL: p.database.AppURL,
			GCPProject:  "dev",
			Regions:     []config.Region{{Name: "eu", Bucket: "blobs-eu", Location: "europe-west1"}},
			Dev:         config.Emulators{BearerFile: p.write("bearer", testkit.Bearer)},
		},
		MigrateDatabaseURL: p.database.OwnerURL,
		OIDCIssuer:         issuer.URL,
		SigningKeyFile:     p.write("signer.json", signingFile(t)),
		ServerKeyFile:      p.write("server.key", "0123456789abcdef0123456789abcdef"),
		AllowedOrigins:     []string{"https://console.example"},
	}
	return p
}

func signingFile(t *testing.T) string {
	t.Helper()
	encoded := pem.EncodeToMemory(&pem.Block{
		Type:  "RSA PRIVATE KEY",
		Bytes: x509.MarshalPKCS1PrivateKey(testkit.SigningKey()),
	})
	text, err := json.Marshal(map[string]string{
		"type":         "service_account",
		"client_email": testkit.Signer,
		"private_key":  string(encoded),
	})
	testkit.Must(t, err)
	return string(text)
}

// keySet has the public key of the signer, which does for an issuer too.
func keySet() string {
	key := testkit.SigningKey().PublicKey
	number := func(n *big.Int) string { return base64.RawURLEncoding.EncodeToString(n.Bytes()) }
	return fmt.Sprintf(`{"keys":[{"kty":"RSA","alg":"RS256","use":"sig","kid":"1","n":%q,"e":%q}]}`,
		number(key.N), number(big.NewInt(int64(key.E))))
}

func (p *patient) answer(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/keys" {
		_, _ = io.WriteString(w, p.keys)
		return
	}
	own, name := "http://"+r.Host, p.issuerName
	if name == "" {
		name = own
	}
	_ = json.NewEncoder(w).Encode(map[string]string{"issuer": name, "jwks_uri": own + "/keys"})
}

// write returns the path of a file that its owner alone reads.
func (p *patient) write(name, content string) string {
	p.t.Helper()
	path := filepath.Join(p.dir, name)
	testkit.Must(p.t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func (p *patient) chmod(mode os.FileMode) {
	p.t.Helper()
	testkit.Must(p.t, os.Chmod(p.settings.ServerKeyFile, mode))
}

// examine starts what is not started yet, and examines it.
func (p *patient) examine(apply bool) []doctor.Finding {
	p.t.Helper()
	if p.settings.Dev.GCSEndpoint == "" {
		p.start()
	}
	found, err := Examine(p.t.Context(), p.settings, Examination{
		Apply: apply,
		Now:   func() time.Time { return time.Now().Add(p.ahead) },
	})
	testkit.Must(p.t, err)
	return found
}

func (p *patient) start() {
	p.t.Helper()
	storage, err := blobs.Start(p.t.Context(), p.storage)
	testkit.Must(p.t, err)
	p.t.Cleanup(func() { testkit.Must(p.t, storage.Close()) })
	secrets, err := vault.Start(p.t.Context(), p.vault)
	testkit.Must(p.t, err)
	p.t.Cleanup(func() { testkit.Must(p.t, secrets.Close()) })
	p.settings.Dev.GCSEndpoint, p.settings.Dev.SecretManagerEndpoint = storage.URL(), secrets.Addr()
	if p.bucket != nil {
		body, err := json.Marshal(p.bucket)
		testkit.Must(p.t, err)
		p.ask(http.MethodPost, "/storage/v1/b?project=dev", body)
	}
}

// objects are the names of what the bucket holds.
func (p *patient) objects() (names []string) {
	p.t.Helper()
	var list struct {
		Items []struct{ Name string }
	}
	testkit.Must(p.t, json.Unmarshal([]byte(p.get("/storage/v1/b/blobs-eu/o")), &list))
	for _, o := range list.Items {
		names = append(names, o.Name)
	}
	return names
}

func (p *patient) get(path string) string {
	p.t.Helper()
	return p.ask(http.MethodGet, path, nil)
}

func (p *patient) ask(method, path string, body []byte) string {
	p.t.Helper()
	request, err := http.NewRequestWithContext(p.t.Context(), method, p.settings.Dev.GCSEndpoint+path,
		bytes.NewReader(body))
	testkit.Must(p.t, err)
	request.Header.Set("Authorization", "Bearer "+testkit.Bearer)
	response, err := http.DefaultClient.Do(request)
	testkit.Must(p.t, err)
	text, err := io.ReadAll(response.Body)
	testkit.Must(p.t, err)
	testkit.Must(p.t, response.Body.Close())
	if response.StatusCode != http.StatusOK {
		p.t.Fatalf("%s %s: %d %s", method, path, response.StatusCode, text)
	}
	return string(text)
}
