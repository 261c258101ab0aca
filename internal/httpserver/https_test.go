package httpserver

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestBehindTLS_BrowsersAreAskedToStayWithHTTPS(t *testing.T) {
	t.Parallel()
	plain := NewHandler(Options{Log: slog.New(slog.DiscardHandler)})
	for name, test := range map[string]struct {
		handler http.Handler
		want    bool
	}{"in front": {BehindTLS(plain), true}, "nowhere": {plain, false}} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/healthz", http.NoBody)
		r.Header.Set("X-Forwarded-Proto", "https") // whoever calls can write that
		test.handler.ServeHTTP(w, r)
		if got := w.Header().Get("Strict-Transport-Security") != ""; got != test.want || w.Code != http.StatusOK {
			t.Errorf("TLS %s: got %d %v", name, w.Code, w.Header())
		}
	}
}

// TestUpgrade_ByHTTPS_OwnPagesAreHTTPSAlone opens sockets where TLS ends in front, and where it ends here.
func TestUpgrade_ByHTTPS_OwnPagesAreHTTPSAlone(t *testing.T) {
	t.Parallel()
	answers := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "opened") })
	plain := NewHandler(Options{Log: slog.New(slog.DiscardHandler), GraphQL: answers, Authenticate: member})
	ask := func(handler http.Handler, here *tls.ConnectionState, host, origin string) int {
		r := httptest.NewRequest(http.MethodGet, "/graphql", http.NoBody)
		r.Host, r.TLS = host, here
		r.Header = http.Header{"Connection": {"Upgrade"}, "Upgrade": {"websocket"}, "Origin": {origin}}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	for _, test := range []struct {
		host, origin string
		want         int
	}{
		{"api.example", "https://api.example", http.StatusOK}, {"api.example:443", "https://api.example",
			http.StatusOK},
		{"api.example:8443", "https://api.example:8443", http.StatusOK},
		{"api.example", "http://api.example", http.StatusForbidden},
		{"api.example:80", "http://api.example", http.StatusForbidden},
		{"api.example", "https://app.example", http.StatusForbidden},
	} {
		if got := ask(BehindTLS(plain), nil, test.host, test.origin); got != test.want {
			t.Errorf("%s from %s, TLS in front: got %d", test.host, test.origin, got)
		}
		if got := ask(plain, &tls.ConnectionState{}, test.host, test.origin); got != test.want {
			t.Errorf("%s from %s, TLS here: got %d", test.host, test.origin, got)
		}
	}
}
