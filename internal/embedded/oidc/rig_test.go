package oidc_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/provenanceone/data-api/internal/embedded/oidc"
)

const (
	callback = "http://127.0.0.1:4711/callback"
	page     = "http://127.0.0.1:8080/playground"
	pkce     = "a-verifier-of-at-least-forty-three-characters-0"
)

// issuer is one that signs people in, with a clock that passes as a test says.
type issuer struct {
	*oidc.Issuer

	t      *testing.T
	passed atomic.Int64
}

func signing(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{t: t}
	i.Issuer = start(t, oidc.Options{
		Dir:      t.TempDir(),
		Audience: "data-api",
		Users: []oidc.User{
			{Subject: "acme-admin", Email: "admin@acme.example", Workspace: "acme", Role: "admin"},
			{Subject: "globex-viewer", Email: "viewer@globex.example", Workspace: "globex", Role: "viewer"},
		},
		Now: func() time.Time { return time.Now().Add(time.Duration(i.passed.Load())) },
	})
	i.AllowPages(page)
	return i
}

// answered is an answer that was read whole.
type answered struct {
	status int
	header http.Header
	body   string
}

// back is the query of the address that the answer leads to.
func (a answered) back() url.Values {
	u, err := url.Parse(a.header.Get("Location"))
	if err != nil {
		return nil
	}
	return u.Query()
}

func (a answered) json() map[string]any {
	var all map[string]any
	if json.Unmarshal([]byte(a.body), &all) != nil {
		return nil
	}
	return all
}

func (a answered) text(name string) string {
	text, _ := a.json()[name].(string)
	return text
}

func (i *issuer) send(method, path string, form url.Values, headers ...string) answered {
	i.t.Helper()
	r, err := http.NewRequestWithContext(i.t.Context(), method, i.URL()+path, strings.NewReader(form.Encode()))
	if err != nil {
		i.t.Fatal(err)
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for n := 0; n < len(headers); n += 2 {
		if headers[n] == "Host" {
			r.Host = headers[n+1]
		}
		r.Header.Set(headers[n], headers[n+1])
	}
	client := web()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Do(r)
	if err != nil {
		i.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		i.t.Fatal(err)
	}
	return answered{response.StatusCode, response.Header, string(body)}
}

// wanted is a right request with changes; an empty value leaves a parameter out.
func wanted(changes ...string) url.Values {
	q := url.Values{
		"client_id":             {oidc.ClientID},
		"redirect_uri":          {callback},
		"response_type":         {"code"},
		"scope":                 {"openid email offline_access profile"},
		"state":                 {"my state"},
		"nonce":                 {"my nonce"},
		"code_challenge":        {oauth2.S256ChallengeFromVerifier(pkce)},
		"code_challenge_method": {"S256"},
	}
	for n := 0; n < len(changes); n += 2 {
		if q.Set(changes[n], changes[n+1]); changes[n+1] == "" {
			q.Del(changes[n])
		}
	}
	return q
}

func (i *issuer) ask(changes ...string) answered {
	i.t.Helper()
	return i.send(http.MethodGet, "/authorize?"+wanted(changes...).Encode(), nil)
}

var hidden = regexp.MustCompile(`name="(request|csrf)" value="(\w+)"`)

// form is what the page of an answer sends.
func (i *issuer) form(a answered) url.Values {
	i.t.Helper()
	form := url.Values{}
	for _, field := range hidden.FindAllStringSubmatch(a.body, -1) {
		form.Set(field[1], field[2])
	}
	if a.status != http.StatusOK || len(form) != 2 {
		i.t.Fatalf("got no form: %d %v %s", a.status, a.header, a.body)
	}
	return form
}

func (i *issuer) click(form url.Values, headers ...string) answered {
	i.t.Helper()
	form = maps.Clone(form)
	form.Set("user", "acme-admin")
	return i.send(http.MethodPost, "/authorize", form, headers...)
}

func (i *issuer) code() string {
	i.t.Helper()
	code := i.click(i.form(i.ask())).back().Get("code")
	if code == "" {
		i.t.Fatal("got no code")
	}
	return code
}

func exchange(code string, changes ...string) url.Values {
	form := url.Values{
		"grant_type":    {"authorization_code"},
		"client_id":     {oidc.ClientID},
		"code":          {code},
		"redirect_uri":  {callback},
		"code_verifier": {pkce},
	}
	for n := 0; n < len(changes); n += 2 {
		form.Set(changes[n], changes[n+1])
	}
	return form
}

func (i *issuer) token(form url.Values, headers ...string) answered {
	i.t.Helper()
	return i.send(http.MethodPost, "/token", form, headers...)
}

func (i *issuer) refresh(token string) answered {
	i.t.Helper()
	return i.token(url.Values{"grant_type": {"refresh_token"}, "client_id": {oidc.ClientID},
		"refresh_token": {token}})
}
