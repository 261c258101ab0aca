package gcs_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestStore_StorageAway_IsRefusedAtOnceUntilItIsBack(t *testing.T) {
	t.Parallel()
	var status, asked atomic.Int64
	storage := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(int(status.Load()))
	}))
	t.Cleanup(storage.Close)
	o := options(storage.URL)
	o.Timeout = 500 * time.Millisecond
	s := open(t, o)
	var log bytes.Buffer
	s.LogOutages(slog.New(slog.NewTextHandler(&log, nil)))
	find := func() (said string) {
		_, _, err := s.Find(t.Context(), object.Place{Region: region, Name: "a"})
		var f *fault.Error
		if errors.As(err, &f) {
			said = f.Say
		}
		return said
	}

	status.Store(http.StatusForbidden)
	for range 20 {
		if said := find(); said == "" || strings.Contains(said, "Try again") {
			t.Fatalf("what storage refuses makes it say %q", said)
		}
	}
	status.Store(http.StatusServiceUnavailable)
	for until := time.Now().Add(time.Minute); !strings.Contains(find(), "Try again in 2 seconds."); {
		if time.Now().After(until) {
			t.Fatal("nobody is told when to try again")
		}
	}
	before := asked.Load()
	if find(); asked.Load() > before+1 { // a slow machine may be at the next try already
		t.Errorf("storage is asked %d times more", asked.Load()-before)
	}
	status.Store(http.StatusNotFound)
	for until := time.Now().Add(time.Minute); find() != ""; {
		if time.Now().After(until) {
			t.Fatal("storage that is back is not asked")
		}
	}
	if text := log.String(); strings.Count(text, "Cloud Storage is away") != 1 ||
		strings.Count(text, "Cloud Storage is back") != 1 {
		t.Errorf("the log says %s", text)
	}
}

// nobody is a user whom Google does not know.
const nobody = `{"type":"authorized_user","client_id":"id","client_secret":"none","refresh_token":"none"}`

func TestNew_WithoutEndpoint_UsesGooglesAndCallsNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "credentials.json")
	testkit.Must(t, os.WriteFile(path, []byte(nobody), 0o600))
	t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", path)
	open(t, gcs.Options{Buckets: map[string]string{region: "b"}, Signer: gcs.NoSigner()})
}
