package oidc_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	verifier "github.com/coreos/go-oidc/v3/oidc"

	"github.com/provenanceone/data-api/internal/embedded/oidc"
)

func TestSignIn_ByItsPage_GivesTokensOfWhoWasChosen(t *testing.T) {
	t.Parallel()
	i := signing(t)
	shown := i.ask()
	back := i.click(i.form(shown), "Sec-Fetch-Site", "same-origin", "Origin", "null")
	if q := back.back(); back.status != http.StatusSeeOther || !strings.HasPrefix(back.header.Get("Location"),
		callback+"?") || q.Get("state") != "my state" || q.Get("iss") != i.URL() {
		t.Fatalf("got %d %v", back.status, back.header)
	}
	given := i.token(exchange(back.back().Get("code")))
	if given.status != http.StatusOK || given.text("token_type") != "Bearer" ||
		given.text("scope") != "openid email offline_access" {
		t.Fatalf("got %d %s", given.status, given.body)
	}

	ctx := verifier.ClientContext(t.Context(), web())
	provider, err := verifier.NewProvider(ctx, i.URL())
	if err != nil {
		t.Fatal(err)
	}
	for audience, raw := range map[string]string{"data-api": given.text("access_token"),
		oidc.ClientID: given.text("id_token")} {
		token, err := provider.VerifierContext(ctx, &verifier.Config{ClientID: audience}).Verify(ctx, raw)
		if err != nil || token.Subject != "acme-admin" || len(token.Audience) != 1 ||
			(token.Nonce == "my nonce") != (audience == oidc.ClientID) {
			t.Errorf("for %s: %+v, %v", audience, token, err)
		}
	}
}

func TestSignIn_ItsPages_AreForPeopleAlone(t *testing.T) {
	t.Parallel()
	i := signing(t)
	for name, a := range map[string]answered{
		"sign-in":     i.ask(),
		"error":       i.ask("client_id", "other"),
		"end session": i.send(http.MethodGet, "/end-session", nil),
	} {
		h := a.header
		policy := h.Get("Content-Security-Policy")
		if !strings.Contains(policy, "frame-ancestors 'none'") || !strings.Contains(policy, "default-src 'none'") ||
			strings.Contains(policy, "unsafe") || h.Get("Cache-Control") != "no-store" ||
			h.Get("Referrer-Policy") != "no-referrer" || h.Get("Access-Control-Allow-Origin") != "" ||
			strings.Contains(a.body, "<script") || strings.Contains(a.body, "style=") {
			t.Errorf("%s: got %v %s", name, h, a.body)
		}
	}
}

func TestSignIn_AnotherClientOrRedirect_IsAPageAndNeverARedirect(t *testing.T) {
	t.Parallel()
	i := signing(t)
	requests := map[string]url.Values{
		"no client": wanted("client_id", ""), "another client": wanted("client_id", "else"),
		"no redirect":   wanted("redirect_uri", ""),
		"two clients":   {"client_id": {oidc.ClientID, oidc.ClientID}, "redirect_uri": {callback}},
		"two redirects": {"client_id": {oidc.ClientID}, "redirect_uri": {callback, "http://evil.example/"}},
	}
	for _, address := range forged {
		requests[address] = wanted("redirect_uri", address)
	}
	for name, q := range requests {
		a := i.send(http.MethodGet, "/authorize?"+q.Encode(), nil)
		if a.status != http.StatusBadRequest || a.header.Get("Location") != "" || strings.Contains(a.body, "csrf") ||
			!strings.Contains(a.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: got %d %v %s", name, a.status, a.header, a.body)
		}
	}
	for _, address := range []string{callback, "http://localhost:1/callback", "http://[::1]:65535/callback", page} {
		i.form(i.ask("redirect_uri", address))
	}
}

// TestSignIn_ABadRequest_IsRefusedByTheStandardsCode sends back to the client what is wrong.
func TestSignIn_ABadRequest_IsRefusedByTheStandardsCode(t *testing.T) {
	t.Parallel()
	i := signing(t)
	for want, rows := range map[string][][]string{
		"unsupported_response_type": {{"response_type", ""}, {"response_type", "token"},
			{"response_type", "code id_token"}},
		"invalid_request": {{"code_challenge", ""}, {"code_challenge_method", ""}, {"code_challenge_method", "plain"},
			{"code_challenge", pkce}, {"code_challenge", strings.Repeat("é", 43)}, {"response_mode", "fragment"},
			{"nonce", strings.Repeat("n", 2049)}},
		"invalid_scope":             {{"scope", ""}, {"scope", "email"}},
		"login_required":            {{"prompt", "none"}},
		"request_not_supported":     {{"request", "ey"}},
		"request_uri_not_supported": {{"request_uri", "http://evil.example/"}},
	} {
		for _, row := range rows {
			a := i.ask(row...)
			if q := a.back(); q.Get("error") != want || q.Get("state") != "my state" || q.Has("code") ||
				!strings.HasPrefix(a.header.Get("Location"), callback+"?") {
				t.Errorf("%v: got %d %s, not %s", row, a.status, a.header.Get("Location"), want)
			}
		}
	}
	twice := i.send(http.MethodGet, "/authorize?"+wanted().Encode()+"&scope=openid", nil)
	if twice.back().Get("error") != "invalid_request" {
		t.Errorf("a scope that is there twice: got %v", twice.header)
	}
	if long := i.ask("state", strings.Repeat("s", 2049)); long.back().Get("error") != "invalid_request" ||
		long.back().Has("state") {
		t.Errorf("a state too long: got %v", long.header)
	}
}

func TestSignIn_Cancelled_IsAccessDenied(t *testing.T) {
	t.Parallel()
	i := signing(t)
	form := i.form(i.ask())
	form.Set("cancel", "yes")
	if q := i.send(http.MethodPost, "/authorize", form).back(); q.Get("error") != "access_denied" ||
		q.Get("state") != "my state" || q.Has("code") {
		t.Errorf("got %v", q)
	}
}

func TestSignIn_AClickOfAnotherPage_GivesNoCode(t *testing.T) {
	t.Parallel()
	i := signing(t)
	fresh := func() url.Values { return i.form(i.ask()) }
	other := fresh()
	used := fresh()
	i.click(used)
	without := fresh()
	without.Del("csrf")
	foreign := fresh()
	foreign.Set("csrf", other.Get("csrf"))
	ending := i.form(i.send(http.MethodGet, "/end-session", nil))
	for name, a := range map[string]answered{
		"no token":                i.click(without),
		"the token of another":    i.click(foreign),
		"a second click":          i.click(used),
		"nothing":                 i.click(url.Values{}),
		"the form of an end":      i.click(ending),
		"from another site":       i.click(fresh(), "Sec-Fetch-Site", "cross-site"),
		"from another port":       i.click(fresh(), "Sec-Fetch-Site", "same-site"),
		"from another origin":     i.click(fresh(), "Origin", "http://evil.example"),
		"of nobody":               i.send(http.MethodPost, "/authorize", fresh()),
		"after a wrong token":     i.click(url.Values{"request": foreign["request"], "csrf": {"x"}}),
		"as JSON":                 i.click(fresh(), "Content-Type", "application/json"),
		"in a query":              i.send(http.MethodPost, "/authorize?user=acme-admin&"+fresh().Encode(), nil),
		"too long":                i.click(url.Values{"request": {strings.Repeat("x", 1<<20)}}),
		"by GET":                  i.send(http.MethodGet, "/authorize?user=acme-admin&"+fresh().Encode(), nil),
		"a sign-in's form to end": i.send(http.MethodPost, "/end-session", fresh()),
	} {
		if a.status != http.StatusBadRequest || a.header.Get("Location") != "" {
			t.Errorf("%s: got %d %v", name, a.status, a.header)
		}
	}
	late := fresh()
	i.passed.Add(int64(10 * time.Minute))
	if a := i.click(late); a.status != http.StatusBadRequest || a.header.Get("Location") != "" {
		t.Errorf("ten minutes later: got %d %v", a.status, a.header)
	}
}

func TestHost_Foreign_IsRefusedOnEveryPath(t *testing.T) {
	t.Parallel()
	i := signing(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(i.URL(), "http://"), ":")
	for _, host := range []string{"evil.example", "evil.example:" + port, "localhost:" + port, "127.0.0.1",
		"127.0.0.1:" + port + ".evil.example", "[::1]:" + port} {
		for _, path := range []string{"/authorize?" + wanted().Encode(), "/token", "/end-session", "/jwks.json",
			"/.well-known/openid-configuration", "/page.css", "/none"} {
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodOptions} {
				a := i.send(method, path, nil, "Host", host, "Origin", "http://127.0.0.1:8080",
					"Access-Control-Request-Method", "POST")
				if a.status != http.StatusMisdirectedRequest || a.header.Get("Location") != "" ||
					a.header.Get("Access-Control-Allow-Origin") != "" {
					t.Errorf("%s %s for %s: got %d %v", method, path, host, a.status, a.header)
				}
			}
		}
	}
}
