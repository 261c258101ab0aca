package oidc

import (
	"net"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// FuzzRedirect holds what may get an answer against net/url, as another reader of the same text.
func FuzzRedirect(f *testing.F) {
	for _, seed := range []string{"http://127.0.0.1:4711/callback", "http://localhost:1/callback",
		"http://[::1]:65535/callback", "http://127.0.0.1@evil.example/callback", "//evil.example/callback",
		"http://127.0.0.1:1/callback#x", "http://127.0.0.1:65536/callback", "http://127.0.0.1:1/callback\n"} {
		f.Add(seed)
	}
	i := new(Issuer)
	f.Fuzz(func(t *testing.T, address string) {
		if !i.mayReturnTo(address) {
			return
		}

		u, err := url.Parse(address + "?" + url.Values{"code": {"c"}}.Encode())
		if err != nil {
			t.Fatalf("%q was taken: %v", address, err)
		}

		port, err := strconv.ParseUint(u.Port(), 10, 16)
		if host := u.Hostname(); err != nil || port == 0 || host != "localhost" && !net.ParseIP(host).IsLoopback() ||
			u.Scheme != "http" || u.User != nil || u.Path != "/callback" || u.Fragment != "" ||
			u.RawQuery != "code=c" || originOf(address) != "http://"+u.Host ||
			strings.TrimSuffix(u.String(), "?code=c") != address {
			t.Errorf("%q was taken, which is %#v", address, u)
		}
	})
}
