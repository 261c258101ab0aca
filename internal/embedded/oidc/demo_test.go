package oidc_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/embedded/oidc"
)

func TestDemoToken_IsForPagesOfTheOfferedOriginsWithTheKeyAlone(t *testing.T) {
	t.Parallel()
	const page = "http://127.0.0.1:8080"
	i := start(t, oidc.Options{Dir: t.TempDir()})
	ask := func(method, origin, host, key string) (int, string, http.Header) {
		r, err := http.NewRequestWithContext(t.Context(), method, i.DemoTokenURL(), strings.NewReader(key))
		if err != nil {
			t.Fatal(err)
		}
		if r.Host = host; origin != "" {
			r.Header.Set("Origin", origin)
		}
		response, err := web().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = response.Body.Close() }()
		text, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		return response.StatusCode, string(text), response.Header
	}

	if status, text, _ := ask(http.MethodPost, page, "", ""); status != http.StatusForbidden ||
		strings.Contains(text, "good") {
		t.Errorf("before the offer: got %d %s", status, text)
	}
	good := func() (string, error) { return "good", nil }
	before, key := i.OfferDemoToken([]string{page}, good), i.OfferDemoToken([]string{page}, good)

	status, text, h := ask(http.MethodPost, page, "", key)
	if status != http.StatusOK || !strings.Contains(text, `"token":"good"`) ||
		h.Get("Access-Control-Allow-Origin") != page || h.Get("Cache-Control") != "no-store" {
		t.Errorf("got %d %s %v", status, text, h)
	}
	for _, test := range []struct{ method, origin, host, key string }{
		{http.MethodGet, page, "", key}, {http.MethodPost, "", "", key}, {http.MethodPost,
			"http://127.0.0.1:8081", "", key},
		{http.MethodPost, "null", "", key}, {http.MethodPost, "http://localhost:8080", "", key},
		{http.MethodPost, page, "evil.example", key},
		{http.MethodPost, page, "", ""}, {http.MethodPost, page, "", before}, {http.MethodPost, page, "", key + "x"},
	} {
		if status, text, h := ask(test.method, test.origin, test.host, test.key); status < 400 ||
			strings.Contains(text, "good") || h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%+v: got %d %s %v", test, status, text, h)
		}
	}
}
