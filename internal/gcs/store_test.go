package gcs_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"go.uber.org/goleak"

	emulator "github.com/provenanceone/data-api/internal/embedded/gcs"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

const (
	region = "europe-west1"
	token  = "a-token-of-this-boot"
	email  = "signer@dev.iam.gserviceaccount.com"
)

var key = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestStore_Conforms(t *testing.T) {
	t.Parallel()
	t.Run("emulator", func(t *testing.T) {
		t.Parallel()
		conforms(t, start(t).store)
	})
	t.Run("emulator, signed by IAM", func(t *testing.T) {
		t.Parallel()
		conforms(t, signedByIAM(t, start(t).server.URL()))
	})
	if bucket := os.Getenv("DATA_API_TEST_GCS_BUCKET"); bucket != "" {
		t.Run("google", func(t *testing.T) {
			t.Parallel()
			conforms(t, google(t, bucket))
		})
	}
}

// google is the real service, as DATA_API_TEST_GCS_BUCKET and DATA_API_TEST_GCS_KEY (a service account's key file)
// name it.
func google(t *testing.T, bucket string) *gcs.Store {
	t.Helper()
	signer, err := gcs.LoadSigner(os.Getenv("DATA_API_TEST_GCS_KEY"))
	testkit.Must(t, err)
	return open(t, gcs.Options{Buckets: map[string]string{region: bucket}, Signer: signer})
}

// backend is an emulator and the store on it.
type backend struct {
	server *emulator.Server
	store  *gcs.Store
	// ahead is how far the emulator's clock is ahead, in nanoseconds.
	ahead atomic.Int64
}

func start(t *testing.T) *backend {
	t.Helper()
	b := &backend{}
	var err error
	b.server, err = emulator.Start(t.Context(), emulator.Options{
		Dir:     t.TempDir(),
		Bearer:  token,
		Signers: map[string]*rsa.PublicKey{email: &key().PublicKey},
		Now:     func() time.Time { return time.Now().Add(time.Duration(b.ahead.Load())) },
	})
	testkit.Must(t, err)
	t.Cleanup(func() { testkit.Must(t, b.server.Close()) })
	b.store = open(t, options(b.server.URL()))
	testkit.Must(t, b.store.EnsureBucket(t.Context(), region))
	return b
}

func options(endpoint string) gcs.Options {
	return gcs.Options{
		Buckets:  map[string]string{region: "blobs-of-europe", "us-east1": "blobs-of-america"},
		Signer:   gcs.NewSigner(email, key()),
		Endpoint: endpoint,
		Bearer:   token,
		Project:  "dev",
	}
}

func open(t *testing.T, o gcs.Options) *gcs.Store {
	t.Helper()
	store, err := gcs.New(t.Context(), o)
	testkit.Must(t, err)
	t.Cleanup(func() { testkit.Must(t, store.Close()) })
	return store
}

func TestSignPut_PastItsExpiry_IsRefusedByStorage(t *testing.T) {
	t.Parallel()
	b := start(t)
	put, err := b.store.SignPut(t.Context(), object.Place{Region: region, Name: "staging/a"}, upload.PutRule{
		ContentType: "text/plain",
		MaxBytes:    10,
		ExpiresAt:   time.Now().Add(time.Minute),
	})
	testkit.Must(t, err)
	b.ahead.Store(int64(61 * time.Second))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, put.URL, strings.NewReader("content"))
	testkit.Must(t, err)
	for _, h := range put.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	if status := statusOf(t, req); status != http.StatusBadRequest {
		t.Errorf("answered %d", status)
	}
}

func statusOf(t *testing.T, req *http.Request) int {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	res, err := transport.RoundTrip(req)
	testkit.Must(t, err)
	testkit.Must(t, res.Body.Close())
	return res.StatusCode
}

func TestEnsureBucket_Twice_AllowsBrowsersToPut(t *testing.T) {
	t.Parallel()
	b := start(t)
	testkit.Must(t, b.store.EnsureBucket(t.Context(), region))
	if err := b.store.EnsureBucket(t.Context(), "atlantis"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("an unknown region: %v", err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, b.server.URL()+
		"/blobs-of-europe/staging/a", nil)
	testkit.Must(t, err)
	req.Header.Set("Origin", "https://console.example")
	req.Header.Set("Access-Control-Request-Method", http.MethodPut)
	req.Header.Set("Access-Control-Request-Headers", "content-type, content-md5, x-goog-content-length-range, "+
		"x-goog-if-generation-match")
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	res, err := transport.RoundTrip(req)
	testkit.Must(t, err)
	testkit.Must(t, res.Body.Close())
	if res.Header.Get("Access-Control-Allow-Origin") != "*" ||
		res.Header.Get("Access-Control-Allow-Methods") != "PUT, GET" {
		t.Errorf("the preflight answers %v", res.Header)
	}
}

func TestStore_WithoutItsBucket_IsUnavailable(t *testing.T) {
	t.Parallel()
	b := start(t)
	america := object.Place{Region: "us-east1", Name: "blobs/a"}
	_, _, stat := b.store.Stat(t.Context(), america)
	_, promote := b.store.Promote(t.Context(), object.Place{Region: region, Name: "staging/a"}, 1, america)
	for _, err := range []error{stat, promote, b.store.Drop(t.Context(), america)} {
		if !fault.Is(err, fault.Unavailable) {
			t.Errorf("a missing bucket passes for a missing blob: %v", err)
		}
	}
}

func TestStore_Down_IsUnavailableWithoutAnyURL(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	down := "http://" + listener.Addr().String()
	testkit.Must(t, listener.Close())
	o := options(down)
	o.Timeout, o.PromoteTimeout = 300*time.Millisecond, 300*time.Millisecond
	store, p := open(t, o), object.Place{Region: region, Name: "blobs/a"}
	_, _, stat := store.Stat(t.Context(), p)
	_, promote := store.Promote(t.Context(), p, 1, p)
	_, read := store.Read(t.Context(), p, 1)
	for _, err := range []error{stat, promote, read, store.Drop(t.Context(), p),
		store.EnsureBucket(t.Context(), region)} {
		var said *fault.Error
		if !errors.As(err, &said) || said.Kind != fault.Unavailable || strings.Contains(err.Error(), "://") ||
			strings.Contains(err.Error(), "blobs") {
			t.Errorf("got %v", err)
		}
	}
}

func TestSign_WithASignerThatFails_IsUnavailable(t *testing.T) {
	t.Parallel()
	o := options("http://127.0.0.1:1")
	o.Signer = broken{}
	store, p := open(t, o), object.Place{Region: region, Name: "a"}
	_, put := store.SignPut(t.Context(), p, upload.PutRule{ExpiresAt: time.Now().Add(time.Minute)})
	_, get := store.SignGet(t.Context(), p, object.GetRule{ExpiresAt: time.Now().Add(time.Minute)})
	for _, err := range []error{put, get} {
		if !fault.Is(err, fault.Unavailable) || !errors.Is(err, errBroken) {
			t.Errorf("got %v", err)
		}
	}
}

var errBroken = errors.New("the signer is down")

type broken struct{}

func (broken) Email() string                                     { return email }
func (broken) SignBytes(context.Context, []byte) ([]byte, error) { return nil, errBroken }

func TestNew_WithWrongOptions_IsRefused(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*gcs.Options){
		"no bucket":        func(o *gcs.Options) { o.Buckets = nil },
		"a nameless one":   func(o *gcs.Options) { o.Buckets = map[string]string{region: ""} },
		"no signer":        func(o *gcs.Options) { o.Signer = nil },
		"two signers":      func(o *gcs.Options) { o.SignAs = email },
		"clear text":       func(o *gcs.Options) { o.Endpoint = "http://storage.example" },
		"an endpoint path": func(o *gcs.Options) { o.Endpoint = "http://127.0.0.1:1/storage" },
		"no endpoint":      func(o *gcs.Options) { o.Endpoint = "" },
	} {
		o := options("http://127.0.0.1:1")
		change(&o)
		if _, err := gcs.New(context.Background(), o); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
