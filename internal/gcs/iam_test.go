package gcs_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/upload"
)

// signedByIAM is a store without a key of its own; change is made to its options.
func signedByIAM(t *testing.T, endpoint string, change ...func(*gcs.Options)) *gcs.Store {
	t.Helper()
	o := options(endpoint)
	o.Signer, o.SignAs, o.SignTimeout = nil, email, time.Minute // no test but one is about time
	for _, c := range change {
		c(&o)
	}
	return open(t, o)
}

// wire stands between a store and its emulator. While answer is set it answers for IAM, unless it returns false; asked
// counts.
type wire struct {
	url    string
	asked  atomic.Int64
	answer func(w http.ResponseWriter, r *http.Request, asked int64) bool
}

func between(t *testing.T, b *backend, answer func(http.ResponseWriter, *http.Request, int64) bool) *wire {
	t.Helper()
	to, err := url.Parse(b.server.URL())
	testkit.Must(t, err)
	transport := &http.Transport{}
	proxy := httputil.NewSingleHostReverseProxy(to)
	proxy.Transport = transport
	w := &wire{answer: answer}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, ":signBlob") || !w.answer(rw, r, w.asked.Add(1)) {
			proxy.ServeHTTP(rw, r)
		}
	}))
	t.Cleanup(func() { server.Close(); transport.CloseIdleConnections() })
	w.url = server.URL
	return w
}

func refusing(statuses ...int) func(http.ResponseWriter, *http.Request, int64) bool {
	return func(w http.ResponseWriter, _ *http.Request, asked int64) bool {
		if int(asked) > len(statuses) {
			return false
		}
		w.WriteHeader(statuses[asked-1])
		return true
	}
}

func signPut(ctx context.Context, s *gcs.Store) (upload.SignedPut, error) {
	return s.SignPut(ctx, object.Place{Region: region, Name: "staging/by-iam"}, upload.PutRule{
		ContentType: "text/plain",
		MaxBytes:    10,
		ExpiresAt:   time.Now().Add(time.Minute),
	})
}

// put sends seven bytes to a signed URL and returns storage's status.
func put(t *testing.T, p upload.SignedPut) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, p.URL, strings.NewReader("content"))
	testkit.Must(t, err)
	for _, h := range p.Headers {
		r.Header.Set(h.Name, h.Value)
	}
	return statusOf(t, r)
}

func TestSignAs_WhileIAMIsBusy_AsksAgain(t *testing.T) {
	t.Parallel()
	for name, statuses := range map[string][]int{"quota": {429}, "outage": {503, 503}, "neither": nil} {
		w := between(t, start(t), refusing(statuses...))
		signed, err := signPut(t.Context(), signedByIAM(t, w.url))
		testkit.Must(t, err)
		if status := put(t, signed); status != http.StatusOK || w.asked.Load() != int64(len(statuses)+1) {
			t.Errorf("%s: storage answered %d to what was signed at the %d. time", name, status, w.asked.Load())
		}
	}
}

func TestSignAs_WhileIAMFails_IsUnavailableAndNoURL(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		answer func(http.ResponseWriter, *http.Request, int64) bool
		asked  int64
	}{
		"quota for good":  {refusing(429, 429, 429, 429), 3},
		"outage for good": {refusing(503, 503, 503, 503), 3},
		"a fault":         {refusing(500), 1},
		"no permission":   {refusing(403), 1},
		"no signature":    {answering(`{"keyId": "k"}`), 1},
		"no base64":       {answering(`{"keyId": "k", "signedBlob": "*"}`), 1},
		"no JSON":         {answering(`<html>`), 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := between(t, start(t), row.answer)
			_, err := signPut(t.Context(), signedByIAM(t, w.url))
			wantNoURL(t, err)
			if got := w.asked.Load(); got != row.asked {
				t.Errorf("it was asked %d times, want %d", got, row.asked)
			}
		})
	}
}

func answering(body string) func(http.ResponseWriter, *http.Request, int64) bool {
	return func(w http.ResponseWriter, _ *http.Request, _ int64) bool {
		_, _ = io.WriteString(w, body)
		return true
	}
}

// wantNoURL checks that a caller learns that nothing was done, and nobody any URL.
func wantNoURL(t *testing.T, err error) {
	t.Helper()
	var said *fault.Error
	if !errors.As(err, &said) || said.Kind != fault.Unavailable ||
		!strings.Contains(said.Say, "no upload URL was made, and nothing was reserved") {
		t.Fatalf("got %v", err)
	}
	if strings.Contains(err.Error(), "://") || !strings.Contains(err.Error(), email) {
		t.Errorf("it holds a URL, or does not name who should have signed: %v", err)
	}
}

func TestSignAs_IAMSilent_GivesUpInTime(t *testing.T) {
	t.Parallel()
	w := between(t, start(t), silent)
	began := time.Now()
	_, err := signPut(t.Context(),
		signedByIAM(t, w.url, func(o *gcs.Options) { o.SignTimeout = 100 * time.Millisecond }))
	wantNoURL(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = signPut(ctx, signedByIAM(t, w.url))
	wantNoURL(t, err)
	if took := time.Since(began); took > 4*time.Second || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("it took %s and ended with %v", took, err)
	}
}

// silent holds a request until its caller gives up.
func silent(_ http.ResponseWriter, r *http.Request, _ int64) bool {
	_, _ = io.Copy(io.Discard, r.Body) // then net/http sees when the caller goes
	<-r.Context().Done()
	return true
}

func TestSignAs_CallerGoneMeanwhile_AsksNoMore(t *testing.T) {
	t.Parallel()
	w := between(t, start(t), refusing(503, 503, 503))
	ctx, cancel := context.WithCancel(t.Context())
	store := signedByIAM(t, w.url)
	w.answer = func(rw http.ResponseWriter, _ *http.Request, _ int64) bool {
		cancel()
		rw.WriteHeader(http.StatusServiceUnavailable)
		return true
	}
	_, err := signPut(ctx, store)
	wantNoURL(t, err)
	if got := w.asked.Load(); got != 1 {
		t.Errorf("it was asked %d times for a caller who had gone", got)
	}
}

func TestSignAs_ByAnotherKey_IsRefusedByStorage(t *testing.T) {
	t.Parallel()
	b := start(t)
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	testkit.Must(t, err)
	w := between(t, b, func(rw http.ResponseWriter, r *http.Request, _ int64) bool {
		var asked struct{ Payload []byte }
		_ = json.NewDecoder(r.Body).Decode(&asked)
		sum := sha256.Sum256(asked.Payload)
		signature, _ := rsa.SignPKCS1v15(rand.Reader, stranger, crypto.SHA256, sum[:])
		return answering(`{"signedBlob": "`+base64.StdEncoding.EncodeToString(signature)+`"}`)(rw, r, 0)
	})
	signed, err := signPut(t.Context(), signedByIAM(t, w.url))
	testkit.Must(t, err)
	if status := put(t, signed); status != http.StatusForbidden {
		t.Errorf("storage answered %d", status)
	}
	if _, found, err := b.store.Stat(t.Context(), object.Place{Region: region, Name: "staging/by-iam"}); found ||
		err != nil {
		t.Errorf("it was kept, or nobody knows: %v", err)
	}
}

func TestSignAs_AnUnknownAccount_IsUnavailable(t *testing.T) {
	t.Parallel()
	store := signedByIAM(t, start(t).server.URL(),
		func(o *gcs.Options) { o.SignAs = "nobody@dev.iam.gserviceaccount.com" })
	if _, err := signPut(t.Context(), store); !fault.Is(err, fault.Unavailable) ||
		!strings.Contains(err.Error(), "Google answered 403") {
		t.Errorf("got %v", err)
	}
}

// TestSignAs_ByManyAtOnce_AsksForAFewAtATime lets a hundred ask of an IAM that answers nobody before as many ask as
// may.
func TestSignAs_ByManyAtOnce_AsksForAFewAtATime(t *testing.T) {
	t.Parallel()
	const most = 32
	var now, peak atomic.Int64
	full := make(chan struct{})
	w := between(t, start(t), func(_ http.ResponseWriter, r *http.Request, asked int64) bool {
		n := now.Add(1)
		defer now.Add(-1)
		for p := peak.Load(); n > p && !peak.CompareAndSwap(p, n); p = peak.Load() {
		}
		if asked == most {
			close(full)
		}
		select {
		case <-full:
		case <-r.Context().Done():
		}
		return false
	})
	store := signedByIAM(t, w.url, func(o *gcs.Options) { o.SignTimeout = time.Minute })
	errs := make(chan error)
	for range 100 {
		go func() { _, err := signPut(t.Context(), store); errs <- err }()
	}
	for range 100 {
		testkit.Must(t, <-errs)
	}
	if got := peak.Load(); got != most {
		t.Errorf("%d were under way at once, want %d", got, most)
	}
}
