package login_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/login"
)

func stored(t *testing.T, session login.Session) login.Store {
	t.Helper()
	s := login.Store{API: "http://127.0.0.1:8080", Dir: filepath.Join(t.TempDir(), "made"), Place: login.File}
	if _, err := s.Keep(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestCurrent_ByManyAtOnce_RenewsOnce(t *testing.T) {
	t.Parallel()
	session := signIn(t, clientOf(issuer(t).URL()))
	session.Expires = time.Now().Add(30 * time.Second)
	s := stored(t, session)
	var wg sync.WaitGroup
	var tokens sync.Map
	for range 6 {
		wg.Go(func() {
			got, err := s.Current(t.Context())
			if err != nil {
				t.Error(err)
			}
			tokens.Store(got.RefreshToken, true)
		})
	}
	wg.Wait()
	count := 0
	tokens.Range(func(_, _ any) bool { count++; return true })
	if _, old := tokens.Load(session.RefreshToken); old || count != 1 {
		t.Errorf("%d refresh tokens came; the old one: %v", count, old)
	}
}

func TestCurrent_RefusedOrSentElsewhere_KeepsTheTokensToItself(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer other.Close()
	for name, row := range map[string]struct {
		answer http.HandlerFunc
		want   fault.Kind
		kept   bool
	}{
		"ended": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprintf(w, `{"error":"invalid_grant","error_description":%q}`, r.FormValue("refresh_token"))
		}, fault.Unauthenticated, false},
		"out of order": {func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			_, _ = io.WriteString(w, r.FormValue("refresh_token"))
		}, fault.Unavailable, true},
		"elsewhere": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		}, fault.Unavailable, true},
	} {
		s := stored(t, login.Session{Client: clientOf(foreign(t, "", row.answer).URL), AccessToken: "at",
			RefreshToken: "the-refresh-token", Expires: time.Now()})
		_, err := s.Current(t.Context())
		if !fault.Is(err, row.want) || strings.Contains(err.Error(), "the-refresh-token") ||
			strings.Contains(fmt.Sprint(errors.Unwrap(err)), "the-refresh-token") {
			t.Errorf("%s: %v", name, err)
		}
		if left, _ := filepath.Glob(filepath.Join(s.Dir, "*.json")); (len(left) == 1) != row.kept {
			t.Errorf("%s: kept %v", name, left)
		}
	}
	if elsewhere.Load() != 0 {
		t.Error("the refresh token followed a redirect")
	}
}

func TestOut_ByWhatTheIssuerOffers_ForgetsAnyway(t *testing.T) {
	t.Parallel()
	var revoked atomic.Value
	revoking := foreign(t, `,"revocation_endpoint":"URL/revoke"`, func(_ http.ResponseWriter, r *http.Request) {
		revoked.Store(r.FormValue("token"))
	})
	silent := foreign(t, "", http.NotFound)
	failing := foreign(t, `,"revocation_endpoint":"URL/revoke"`, http.NotFound)
	for name, row := range map[string]struct {
		issuer string
		ended  bool
		err    bool
	}{"revocation": {revoking.URL, true, false}, "none": {silent.URL, false, false}, "refusal": {failing.URL, false, true}} {
		s := stored(t, login.Session{Client: clientOf(row.issuer), AccessToken: "at", RefreshToken: "rt"})
		ended, err := s.Out(t.Context())
		if ended != row.ended || (err != nil) != row.err {
			t.Errorf("%s: %v %v", name, ended, err)
		}
		if _, err := s.Current(t.Context()); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%s: still signed in: %v", name, err)
		}
	}
	if revoked.Load() != "rt" {
		t.Errorf("revoked was %v", revoked.Load())
	}
}

func TestStore_AFileThatOthersRead_IsInvalid(t *testing.T) {
	t.Parallel()
	s := stored(t, login.Session{AccessToken: "at"})
	files, err := filepath.Glob(filepath.Join(s.Dir, "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatalf("got %v, %v", files, err)
	}
	if info, err := os.Stat(files[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(files[0], 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Current(t.Context()); !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
}

// TestStore_InTheKeyring_LeavesNoFile is not parallel: the keyring's stand-in is one for all.
func TestStore_InTheKeyring_LeavesNoFile(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
	s := stored(t, login.Session{AccessToken: "first"})
	s.Place = login.Auto
	keyring.MockInit()
	if place, err := s.Keep(t.Context(), login.Session{AccessToken: "second"}); err != nil || place != "the keyring" {
		t.Fatalf("got %q, %v", place, err)
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir, "*.json")); len(left) > 0 {
		t.Errorf("a file is left: %v", left)
	}
	if got, err := s.Current(t.Context()); err != nil || got.AccessToken != "second" {
		t.Errorf("got %v", err)
	}

	keyring.MockInitWithError(errors.New("locked"))
	place, err := s.Keep(t.Context(), login.Session{AccessToken: "third"})
	if err != nil || !strings.HasPrefix(place, s.Dir) {
		t.Fatalf("got %q, %v", place, err)
	}
	if got, err := s.Current(t.Context()); err != nil || got.AccessToken != "third" {
		t.Errorf("got %v", err)
	}
}
