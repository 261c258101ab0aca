package login_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

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
