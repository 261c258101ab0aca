package gcs_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/xml"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/storage"
	"google.golang.org/api/option"

	"github.com/provenanceone/data-api/internal/embedded/gcs"
)

const (
	token  = "a-token-of-this-boot"
	email  = "signer@dev.iam.gserviceaccount.com"
	bucket = "blobs-of-a-region"
	origin = "https://console.example"
)

var (
	signerKey   = sync.OnceValue(newKey)
	strangerKey = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func signers() map[string]*rsa.PublicKey {
	return map[string]*rsa.PublicKey{email: &signerKey().PublicKey}
}

// rig is a running emulator with the real client and a plain one.
type rig struct {
	t      *testing.T
	dir    string
	server *gcs.Server
	client *storage.Client
	http   *http.Client
	// ahead is how far the emulator's clock is ahead, in nanoseconds.
	ahead atomic.Int64
	log   lockedBuffer
}

func start(t *testing.T) *rig {
	t.Helper()
	r := startOn(t, t.TempDir())
	r.must(r.client.Bucket(bucket).Create(t.Context(), "dev", &storage.BucketAttrs{
		Location: "EUROPE-WEST1",
		Labels:   map[string]string{"made": "by-a-test"},
		CORS: []storage.CORS{{
			MaxAge:          time.Hour,
			Methods:         []string{"PUT"},
			Origins:         []string{origin},
			ResponseHeaders: []string{"Content-Type", "x-goog-if-generation-match", "ETag", "x-goog-generation"},
		}},
		Lifecycle: storage.Lifecycle{Rules: []storage.LifecycleRule{{
			Action:    storage.LifecycleAction{Type: storage.DeleteAction},
			Condition: storage.LifecycleCondition{AgeInDays: 8, MatchesPrefix: []string{"staging/"}},
		}}},
	}))
	return r
}

func startOn(t *testing.T, dir string) *rig {
	t.Helper()
	r := &rig{t: t, dir: dir}
	var err error
	r.server, err = gcs.Start(t.Context(), gcs.Options{
		Dir:     dir,
		Bearer:  token,
		Signers: signers(),
		Mint:    func(account, audience string) (string, error) { return account + " for " + audience, nil },
		Now:     func() time.Time { return time.Now().Add(time.Duration(r.ahead.Load())) },
		Log:     slog.New(slog.NewTextHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	r.must(err)
	t.Cleanup(func() { r.must(r.server.Close()) })
	r.connect(r.server.URL())
	return r
}

// connect makes the two clients of an emulator.
func (r *rig) connect(url string) {
	r.t.Helper()
	transport := http.DefaultTransport.(*http.Transport).Clone()
	r.t.Cleanup(transport.CloseIdleConnections)
	r.http = &http.Client{Transport: transport}
	client, err := storage.NewClient(context.Background(), option.WithEndpoint(url+"/storage/v1/"),
		option.WithoutAuthentication(), option.WithHTTPClient(&http.Client{Transport: bearer{transport}}))
	r.must(err)
	client.SetRetry(storage.WithPolicy(storage.RetryNever))
	r.client = client
}

type bearer struct{ next http.RoundTripper }

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+token)
	return b.next.RoundTrip(r)
}

func (r *rig) must(err error) {
	r.t.Helper()
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *rig) object(name string) *storage.ObjectHandle { return r.client.Bucket(bucket).Object(name) }

// write keeps an object by the real client.
func (r *rig) write(name, content string) *storage.ObjectAttrs {
	r.t.Helper()
	w := r.object(name).NewWriter(r.t.Context())
	w.ContentType = "text/plain"
	_, err := io.WriteString(w, content)
	r.must(err)
	r.must(w.Close())
	return w.Attrs()
}

// read returns an object's content by the real client.
func (r *rig) read(name string) string {
	r.t.Helper()
	reader, err := r.object(name).NewReader(r.t.Context())
	r.must(err)
	content, err := io.ReadAll(reader)
	r.must(errors.Join(err, reader.Close()))
	return string(content)
}

// sign signs a URL as the real client does; change adds to what is signed.
func (r *rig) sign(method, name string, change ...func(*storage.SignedURLOptions)) string {
	r.t.Helper()
	o := &storage.SignedURLOptions{
		Scheme:         storage.SigningSchemeV4,
		Style:          storage.PathStyle(),
		Insecure:       true,
		Hostname:       strings.TrimPrefix(r.server.URL(), "http://"),
		Method:         method,
		Expires:        time.Now().Add(time.Hour),
		GoogleAccessID: email,
		SignBytes:      signWith(signerKey),
	}
	for _, c := range change {
		c(o)
	}
	signed, err := storage.SignedURL(bucket, name, o)
	r.must(err)
	return signed
}

func (r *rig) request(method, url string, body io.Reader, headers ...string) *http.Request {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, url, body)
	r.must(err)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Add(headers[i], headers[i+1])
	}
	return req
}

// answer is what came back.
type answer struct {
	status int
	code   string
	header http.Header
	body   string
}

func (r *rig) do(req *http.Request) answer {
	r.t.Helper()
	res, err := r.http.Do(req)
	r.must(err)
	body, err := io.ReadAll(res.Body)
	r.must(errors.Join(err, res.Body.Close()))
	a := answer{status: res.StatusCode, header: res.Header, body: string(body)}
	var said struct{ Code string }
	if xml.Unmarshal(body, &said) == nil {
		a.code = said.Code
	}
	return a
}

func (a answer) want(t *testing.T, status int, code string) {
	t.Helper()
	if a.status != status || a.code != code {
		t.Errorf("answered %d %q, want %d %q: %s", a.status, a.code, status, code, a.body)
	}
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
