package oidc_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/embedded/oidc"
)

// forged are addresses that may get no answer.
var forged = []string{
	"http://127.0.0.1@evil.example/callback", "http://127.0.0.1:4711@evil.example/callback",
	"//evil.example/callback", "//127.0.0.1:4711/callback", "/callback", "http:/127.0.0.1:4711/callback",
	"http:127.0.0.1:4711/callback", `http:\\127.0.0.1:4711\callback`, `http://127.0.0.1:4711\@evil.example/callback`,
	"http://evil.example/callback", "http://127.0.0.1.evil.example:4711/callback",
	"http://evil.example/?x=http://127.0.0.1:4711/callback", "http://user@127.0.0.1:4711/callback",
	"http://user:word@127.0.0.1:4711/callback", callback + "#", callback + "#fragment", callback + "?", callback + "?a=b",
	callback + "/", callback + "/../elsewhere", "http://127.0.0.1:4711/a/../callback", "http://127.0.0.1:4711/Callback",
	"http://127.0.0.1:4711/%63allback", "http://127.0.0.1:4711//callback", "http://127.0.0.1:4711/",
	"https://127.0.0.1:4711/callback", "HTTP://127.0.0.1:4711/callback", "javascript:alert(1)//:4711/callback",
	"data:text/html,x", "file:///callback", "myapp://127.0.0.1:4711/callback", "http://127.0.0.1:0/callback",
	"http://127.0.0.1:65536/callback", "http://127.0.0.1:04711/callback", "http://127.0.0.1/callback",
	"http://127.0.0.1:/callback", "http://127.1:4711/callback", "http://2130706433:4711/callback",
	"http://0.0.0.0:4711/callback", "http://LOCALHOST:4711/callback", "http://localhost.:4711/callback",
	"http://[::ffff:127.0.0.1]:4711/callback", " " + callback, callback + " ", callback + "\n", callback + "\r\nX: y",
	callback + "\x00", page + "/", page + "?a=b", page + "#x", "http://127.0.0.1:8081/playground",
	"http://localhost:8080/playground", "null", "*",
}

func refusedAs(t *testing.T, name string, a answered, status int, want string) {
	t.Helper()
	if a.status != status || a.text("error") != want || strings.Contains(a.body, "access_token") {
		t.Errorf("%s: got %d %s, not %s", name, a.status, a.body, want)
	}
}

func TestToken_ACodeThatDoesNotFit_IsInvalidGrant(t *testing.T) {
	t.Parallel()
	i := signing(t)
	for name, changes := range map[string][]string{
		"another verifier":    {"code_verifier", pkce + "x"},
		"no verifier":         {"code_verifier", ""},
		"the challenge":       {"code_verifier", wanted().Get("code_challenge")},
		"another redirect":    {"redirect_uri", "http://127.0.0.1:4712/callback"},
		"no redirect":         {"redirect_uri", ""},
		"another code":        {"code", "x"},
		"no code":             {"code", ""},
		"no refresh token":    {"grant_type", "refresh_token"},
		"a code to refresh":   {"grant_type", "refresh_token", "refresh_token", i.code()},
		"a made-up refresher": {"grant_type", "refresh_token", "refresh_token", "a.b"},
	} {
		code := i.code()
		refusedAs(t, name, i.token(exchange(code, changes...)), http.StatusBadRequest, "invalid_grant")
		if changes[0] == "code_verifier" {
			refusedAs(t, name+", then the right one", i.token(exchange(code)), http.StatusBadRequest, "invalid_grant")
		}
	}
	late := i.code()
	i.passed.Add(int64(60 * time.Second))
	refusedAs(t, "after a minute", i.token(exchange(late)), http.StatusBadRequest, "invalid_grant")
}

func TestToken_ABadRequest_IsRefusedByTheStandardsCodeAndUsesNoCode(t *testing.T) {
	t.Parallel()
	i := signing(t)
	code := i.code()
	twice := exchange(code)
	twice.Add("code", code)
	refusedAs(t, "a parameter twice", i.token(twice), http.StatusBadRequest, "invalid_request")
	refusedAs(t, "JSON", i.token(exchange(code), "Content-Type", "application/json"), http.StatusBadRequest,
		"invalid_request")
	refusedAs(t, "a mebibyte", i.token(exchange(code, "x", strings.Repeat("x", 1<<20))), http.StatusBadRequest,
		"invalid_request")
	refusedAs(t, "another client", i.token(exchange(code, "client_id", "else")), http.StatusUnauthorized,
		"invalid_client")
	refusedAs(t, "a password", i.token(exchange(code, "client_secret", "x")), http.StatusUnauthorized, "invalid_client")
	refusedAs(t, "a password in a header", i.token(exchange(code), "Authorization", "Basic eDp5"),
		http.StatusUnauthorized, "invalid_client")
	refusedAs(t, "another grant", i.token(exchange(code, "grant_type", "password")), http.StatusBadRequest,
		"unsupported_grant_type")
	if a := i.token(exchange(code)); a.status != http.StatusOK || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("the code is used up: %d %v %s", a.status, a.header, a.body)
	}
}

func TestToken_AReplayedCode_EndsWhatItBegan(t *testing.T) {
	t.Parallel()
	i := signing(t)
	code := i.code()
	given := i.token(exchange(code))
	next := i.refresh(given.text("refresh_token"))
	if next.status != http.StatusOK {
		t.Fatalf("got %d %s", next.status, next.body)
	}
	refusedAs(t, "the replay", i.token(exchange(code)), http.StatusBadRequest, "invalid_grant")
	refusedAs(t, "the refresh after it", i.refresh(next.text("refresh_token")), http.StatusBadRequest, "invalid_grant")
}

func TestToken_ACodeSentByManyAtOnce_IsGoodForOneAtMost(t *testing.T) {
	t.Parallel()
	i := signing(t)
	code := i.code()
	var given sync.Map
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			if a := i.token(exchange(code)); a.status == http.StatusOK {
				given.Store(n, a.text("refresh_token"))
			}
		})
	}
	wg.Wait()
	count := 0
	given.Range(func(_, token any) bool {
		text, _ := token.(string)
		refusedAs(t, "the refresh", i.refresh(text), http.StatusBadRequest, "invalid_grant")
		count++
		return true
	})
	if count != 1 {
		t.Errorf("%d got tokens", count)
	}
}

func TestToken_ARefreshTokenUsedAgain_EndsTheSession(t *testing.T) {
	t.Parallel()
	i := signing(t)
	first := i.token(exchange(i.code()))
	second := i.refresh(first.text("refresh_token"))
	third := i.refresh(second.text("refresh_token"))
	if third.status != http.StatusOK || third.text("refresh_token") == second.text("refresh_token") {
		t.Fatalf("got %d %s", third.status, third.body)
	}
	refusedAs(t, "the second again", i.refresh(second.text("refresh_token")), http.StatusBadRequest, "invalid_grant")
	refusedAs(t, "the third", i.refresh(third.text("refresh_token")), http.StatusBadRequest, "invalid_grant")

	other := i.token(exchange(i.code()))
	i.passed.Add(int64(12 * time.Hour))
	refusedAs(t, "after twelve hours", i.refresh(other.text("refresh_token")), http.StatusBadRequest, "invalid_grant")
}

func TestToken_Pages_OfThisMachineAloneMayAsk(t *testing.T) {
	t.Parallel()
	i := signing(t)
	for origin, want := range map[string]bool{
		"http://127.0.0.1:8080": true, "http://localhost:5173": true, "http://[::1]:8080": true, "http://localhost": true,
		"https://localhost:5173": false, "http://evil.example": false, "http://localhost.evil.example": false,
		"http://localhost:5173.evil.example": false, "http://localhost:5173@evil.example": false, "null": false,
		"http://127.0.0.1:99999": false,
	} {
		asked := i.send(http.MethodOptions, "/token", nil, "Origin", origin, "Access-Control-Request-Method", "POST")
		got := i.token(exchange("x"), "Origin", origin)
		for _, a := range []answered{asked, got} {
			if allowed := a.header.Get("Access-Control-Allow-Origin"); (allowed == origin) != want ||
				!want && allowed != "" || a.header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s: got %d %v", origin, a.status, a.header)
			}
		}
	}
}

func TestEndSession_ByAnIDToken_EndsThatOneAndGoesBack(t *testing.T) {
	t.Parallel()
	i := signing(t)
	ended, goesOn := i.token(exchange(i.code())), i.token(exchange(i.code()))
	i.passed.Add(int64(2 * time.Hour)) // an ID token that has expired still says whose session it was
	end := func(q url.Values) answered { return i.send(http.MethodGet, "/end-session?"+q.Encode(), nil) }
	for name, q := range map[string]url.Values{
		"a forged one":    {"id_token_hint": {ended.text("id_token") + "x"}},
		"an access token": {"id_token_hint": {ended.text("access_token")}},
		"a foreign address": {"id_token_hint": {ended.text("id_token")},
			"post_logout_redirect_uri": {"http://evil.example/"}},
	} {
		if a := end(q); a.status != http.StatusBadRequest || a.header.Get("Location") != "" {
			t.Errorf("%s: got %d %v", name, a.status, a.header)
		}
	}
	again := i.refresh(ended.text("refresh_token"))
	if again.status != http.StatusOK {
		t.Fatalf("what was refused has ended it: %s", again.body)
	}
	a := end(url.Values{"id_token_hint": {again.text("id_token")}, "post_logout_redirect_uri": {page}, "state": {"s"}})
	if a.status != http.StatusSeeOther || a.header.Get("Location") != page+"?state=s" {
		t.Errorf("got %d %v", a.status, a.header)
	}
	refusedAs(t, "the ended one", i.refresh(again.text("refresh_token")), http.StatusBadRequest, "invalid_grant")
	if a := i.refresh(goesOn.text("refresh_token")); a.status != http.StatusOK {
		t.Errorf("the other one has ended too: %s", a.body)
	}
}

func TestEndSession_OfNobody_EndsAllAfterAClick(t *testing.T) {
	t.Parallel()
	i := signing(t)
	given, waiting := i.token(exchange(i.code())), i.code()
	form := i.form(i.send(http.MethodGet, "/end-session", nil))
	next := i.refresh(given.text("refresh_token"))
	if a := i.send(http.MethodPost, "/end-session", form, "Sec-Fetch-Site", "cross-site"); a.status != http.
		StatusBadRequest {
		t.Errorf("a click of another site: got %d", a.status)
	}
	if a := i.refresh(next.text("refresh_token")); a.status != http.StatusOK {
		t.Fatalf("it has ended before the click: %s", a.body)
	} else {
		next = a
	}
	form = i.form(i.send(http.MethodGet, "/end-session", nil))
	if a := i.send(http.MethodPost, "/end-session", form); a.status != http.StatusOK {
		t.Errorf("got %d %s", a.status, a.body)
	}
	refusedAs(t, "the session", i.refresh(next.text("refresh_token")), http.StatusBadRequest, "invalid_grant")
	refusedAs(t, "a code from before", i.token(exchange(waiting)), http.StatusBadRequest, "invalid_grant")
}

func TestSignIn_TooMany_ForgetTheOldest(t *testing.T) {
	t.Parallel()
	i := signing(t)
	oldest, code := i.form(i.ask()), i.code()
	session := i.token(exchange(i.code()))
	for range oidc.MostKept {
		i.ask()
	}
	if a := i.click(oldest); a.header.Get("Location") != "" {
		t.Errorf("the oldest request is still there: %v", a.header)
	}
	for range oidc.MostKept {
		i.token(exchange(i.code()))
	}
	refusedAs(t, "the oldest code", i.token(exchange(code)), http.StatusBadRequest, "invalid_grant")
	refusedAs(t, "the oldest session", i.refresh(session.text("refresh_token")), http.StatusBadRequest, "invalid_grant")
}

// TestSignIn_WhatAPageOfElsewhereEmbeds_IsNotKept has a page anywhere ask for pictures and frames at the issuer, which
// browsers say, until a person's own request is forgotten.
func TestSignIn_WhatAPageOfElsewhereEmbeds_IsNotKept(t *testing.T) {
	t.Parallel()
	i := signing(t)
	own := i.form(i.ask())
	for n := range oidc.MostKept {
		kind := []string{"image", "iframe", "empty", "script"}[n%4]
		i.send(http.MethodGet, "/authorize?"+wanted().Encode(), nil, "Sec-Fetch-Dest", kind)
		i.send(http.MethodGet, "/end-session", nil, "Sec-Fetch-Dest", kind)
	}
	if a := i.click(own); a.back().Get("code") == "" {
		t.Errorf("the person's request is gone: %d %s", a.status, a.body)
	}
	if a := i.send(http.MethodGet, "/authorize?"+wanted().Encode(), nil, "Sec-Fetch-Dest", "document"); a.status != 200 {
		t.Errorf("a person gets %d", a.status)
	}
}
