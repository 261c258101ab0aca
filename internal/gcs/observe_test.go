package gcs_test

import (
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/trace"
	"github.com/provenanceone/data-api/internal/trace/tracetest"
)

// seen are the calls that a store told of.
type seen struct {
	mu  sync.Mutex
	all []string
}

func (s *seen) observe(service, method, outcome string, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, fmt.Sprint(service, " ", method, " ", outcome, " ", took > 0))
}

func TestObserve_CallsOfStorageAndIAM_AreToldWithoutTheirURLs(t *testing.T) {
	t.Parallel()
	var calls seen
	tracer, flush := tracetest.Tracer(t, trace.Options{Ratio: 1})
	ctx, root, _ := tracer.Begin(t.Context(), "job")
	b := start(t)
	store := signedByIAM(t, b.server.URL(), func(o *gcs.Options) { o.Observe = calls.observe })
	_, found, err := store.Stat(ctx, object.Place{Region: region, Name: "staging/hunter2"})
	testkit.Must(t, err)
	_, err = store.SignGet(ctx, object.Place{Region: region, Name: "hunter2"},
		object.GetRule{ExpiresAt: time.Now().Add(time.Minute)})
	testkit.Must(t, err)
	if want := []string{"storage GET 404 true", "iam POST 200 true"}; found || !slices.Equal(calls.all, want) {
		t.Errorf("told of %q, want %q", calls.all, want)
	}
	root.End()
	spans := flush()
	if got, want := tracetest.Paths(spans), []string{"job", "job > iam POST", "job > storage GET"}; !slices.Equal(got, want) {
		t.Errorf("the spans are %q, want %q", got, want)
	}
	for _, s := range spans {
		if strings.Contains(strings.Join(s.Texts, " "), "hunter2") || s.Failed ||
			s.Name == "storage GET" && (s.Attributes["data_api.outcome"] != "404" || s.Kind != "client") {
			t.Errorf("a span is %+v", s)
		}
	}
}

// TestNew_OnGoogle_TakesTheDefaultCredentials makes the clients of both, and calls nobody. Not parallel: the
// environment is the process's.
func TestNew_OnGoogle_TakesTheDefaultCredentials(t *testing.T) {
	private, err := x509.MarshalPKCS8PrivateKey(key())
	testkit.Must(t, err)
	account, err := json.Marshal(map[string]string{
		"type":         "service_account",
		"client_email": email,
		"private_key":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})),
		"token_uri":    "http://127.0.0.1:1/token",
	})
	testkit.Must(t, err)
	file := filepath.Join(t.TempDir(), "account.json")
	testkit.Must(t, os.WriteFile(file, account, 0o600))
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", file)
	var calls seen
	open(t, gcs.Options{Buckets: map[string]string{region: "blobs"}, SignAs: email, Observe: calls.observe})
	if len(calls.all) != 0 {
		t.Errorf("called %q", calls.all)
	}
}
