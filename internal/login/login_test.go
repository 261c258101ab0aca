package login_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/zalando/go-keyring"
	"go.uber.org/goleak"

	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/login"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func issuer(t *testing.T) *oidc.Issuer {
	t.Helper()
	i, err := oidc.Start(t.Context(), oidc.Options{
		Dir:      t.TempDir(),
		Listen:   "127.0.0.1:0",
		Audience: "data-api",
		Users:    []oidc.User{{Subject: "ada", Email: "ada@example.com", Workspace: "acme", Role: "admin"}},
	})
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

func clientOf(issuer string) login.Client {
	return login.Client{Issuer: issuer, ID: oidc.ClientID, Scopes: []string{"openid", "offline_access"}}
}

// get reads an answer whole, without following where it leads.
func get(t *testing.T, do func(*http.Client) (*http.Response, error)) (status int, location, body string) {
	t.Helper()
	response, err := do(login.HTTP())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("Location"), string(text)
}

var hidden = regexp.MustCompile(`name="(request|csrf)" value="(\w+)"`)

// click answers the issuer's page, and returns where that leads.
func click(t *testing.T, address, button string) (answer string) {
	t.Helper()
	_, _, page := get(t, func(c *http.Client) (*http.Response, error) { return c.Get(address) })
	form := url.Values{button: {"ada"}}
	for _, field := range hidden.FindAllStringSubmatch(page, -1) {
		form.Set(field[1], field[2])
	}
	base, _, _ := strings.Cut(address, "?")
	_, answer, _ = get(t, func(c *http.Client) (*http.Response, error) { return c.PostForm(base, form) })
	return answer
}

// in signs in; the person does what open does.
func in(t *testing.T, c login.Client, open func(address string)) (login.Session, error) {
	t.Helper()
	var wg sync.WaitGroup
	defer wg.Wait()
	return login.In(t.Context(), c, login.How{
		Callback: "127.0.0.1:0",
		Wait:     time.Minute,
		Show:     func(address string) { wg.Go(func() { open(address) }) },
	})
}

func signIn(t *testing.T, c login.Client) login.Session {
	t.Helper()
	session, err := in(t, c, func(address string) {
		answer := click(t, address, "user")
		get(t, func(c *http.Client) (*http.Response, error) { return c.Get(answer) })
	})
	if err != nil {
		t.Fatal(err)
	}
	return session
}

func TestIn_WhatIsNoAnswer_IsRefusedAndTheWaitGoesOn(t *testing.T) {
	t.Parallel()
	i := issuer(t)
	session, err := in(t, clientOf(i.URL()), func(address string) {
		right := click(t, address, "user")
		u, err := url.Parse(right)
		if err != nil {
			t.Error(err)
		}
		changed := func(name, value string) string {
			q := u.Query()
			if q.Set(name, value); value == "" {
				q.Del(name)
			}
			return "http://" + u.Host + "/callback?" + q.Encode()
		}
		for _, bad := range []string{changed("state", "x"), changed("state", ""), changed("code", ""),
			changed("iss", "http://evil.example"), changed("iss", ""), changed("error", "x"), right + "&state=x",
			right + "&code=x", right + "&iss=http://evil.example",
			strings.Replace(right, "/callback", "/", 1)} {
			if status, _, _ := get(t, func(c *http.Client) (*http.Response, error) { return c.Get(bad) }); status != 400 {
				t.Errorf("%s: got %d", bad, status)
			}
		}
		for _, change := range []func(*http.Request){func(r *http.Request) { r.Host = "evil.example" },
			func(r *http.Request) { r.Method = http.MethodPost }} {
			status, _, _ := get(t, func(c *http.Client) (*http.Response, error) {
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, right, nil)
				if err != nil {
					return nil, err
				}
				change(r)
				return c.Do(r)
			})
			if status != http.StatusBadRequest {
				t.Errorf("got %d", status)
			}
		}
		get(t, func(c *http.Client) (*http.Response, error) { return c.Get(right) })
	})
	if err != nil || session.AccessToken == "" || session.RefreshToken == "" || time.Until(session.Expires) < time.Minute {
		t.Errorf("got %v, %v", session.Expires, err)
	}
}

func TestIn_Cancelled_SaysSo(t *testing.T) {
	t.Parallel()
	_, err := in(t, clientOf(issuer(t).URL()), func(address string) {
		answer := click(t, address, "cancel")
		get(t, func(c *http.Client) (*http.Response, error) { return c.Get(answer) })
	})
	if !fault.Is(err, fault.Forbidden) || !strings.Contains(err.Error(), "access_denied") {
		t.Errorf("got %v", err)
	}
}

func TestIn_NobodyInTime_IsUnavailable(t *testing.T) {
	t.Parallel()
	_, err := login.In(t.Context(), clientOf(issuer(t).URL()), login.How{Callback: "127.0.0.1:0",
		Wait: time.Millisecond, Show: func(string) {}})
	if !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
}

func TestIn_UnsafeAddresses_AreInvalid(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://id.example", "ftp://id.example", "http://127.0.0.1:1@id.example", "",
		"http://localhost.id.example"} {
		_, err := in(t, clientOf(address), func(string) { t.Errorf("%s was shown", address) })
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, callback := range []string{"0.0.0.0:0", ":0", "192.0.2.1:80", "nonsense"} {
		_, err := login.In(t.Context(), clientOf(issuer(t).URL()), login.How{Callback: callback, Wait: time.Minute,
			Show: func(string) { t.Errorf("%s: something was shown", callback) }})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", callback, err)
		}
	}
}

// foreign is an issuer whose token endpoint does as a test says, and which has no way of its own to end a session.
func foreign(t *testing.T, more string, token http.HandlerFunc) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":"%[1]s/authorize","token_endpoint":"%[1]s/token",`+
			`"jwks_uri":"%[1]s/jwks"%s}`, server.URL, strings.ReplaceAll(more, "URL", server.URL))
	})
	mux.HandleFunc("/token", token)
	mux.HandleFunc("/revoke", token)
	return server
}

// TestIn_AnIssuerThatWritesToTheTerminal_IsInvalid has the page's address obeyed by a terminal that shows it.
func TestIn_AnIssuerThatWritesToTheTerminal_IsInvalid(t *testing.T) {
	t.Parallel()
	for _, obeyed := range []string{`\u009b31m`, `\u202e`} {
		i := foreign(t, `,"authorization_endpoint":"URL/authorize?`+obeyed+`"`, http.NotFound)
		_, err := login.In(t.Context(), clientOf(i.URL), login.How{Callback: "127.0.0.1:0", Wait: time.Millisecond,
			Show: func(address string) { t.Errorf("%q was shown", address) }})
		if !fault.Is(err, fault.Invalid) || strings.ContainsAny(err.Error(), "\u009b\u202e") {
			t.Errorf("got %v", err)
		}
	}
}

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
