package httpserver

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

func TestPeerAddress_Mapped_IsIPv4(t *testing.T) {
	t.Parallel()
	for remote, want := range map[string]string{
		"192.0.2.1:99":          "192.0.2.1",
		"[::ffff:192.0.2.1]:99": "192.0.2.1",
		"[2001:db8::1]:99":      "2001:db8::1",
		"[fe80::1%eth0]:99":     "fe80::1",
		"@":                     "invalid IP",
		"":                      "invalid IP",
	} {
		if got := peerAddress(remote).String(); got != want {
			t.Errorf("%q: got %s, want %s", remote, got, want)
		}
	}
}

// inside are the proxies of these tests: two networks.
var inside = newProxies([]netip.Prefix{
	netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("2001:db8:1::/48"),
}, slog.New(slog.DiscardHandler))

func TestProxies_Caller_IsWhoReachedTheFirstTrustedOne(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		peer    string
		headers []string
		want    string
	}{
		"no header":                {"10.0.0.1:9", nil, "10.0.0.1"},
		"one proxy":                {"10.0.0.1:9", []string{"192.0.2.1"}, "192.0.2.1"},
		"two proxies":              {"10.0.0.1:9", []string{"192.0.2.1, 10.0.0.2"}, "192.0.2.1"},
		"two proxies, two headers": {"10.0.0.1:9", []string{"192.0.2.1", "10.0.0.2"}, "192.0.2.1"},
		"headers of several": {"10.0.0.1:9",
			[]string{"192.0.2.9, 192.0.2.1,10.0.0.3", "10.0.0.2 ,\t10.0.0.4"}, "192.0.2.1"},
		"spoofed through a proxy":       {"10.0.0.1:9", []string{"198.51.100.7, 192.0.2.1"}, "192.0.2.1"},
		"spoofed as a proxy":            {"10.0.0.1:9", []string{"198.51.100.7, 10.0.0.9, 192.0.2.1"}, "192.0.2.1"},
		"spoofed without a proxy":       {"192.0.2.1:9", []string{"198.51.100.7"}, "192.0.2.1"},
		"spoofed proxy without a proxy": {"192.0.2.1:9", []string{"198.51.100.7, 10.0.0.1"}, "192.0.2.1"},
		"a proxy itself":                {"10.0.0.1:9", []string{"10.0.0.2"}, "10.0.0.2"},
		"IPv6": {"[2001:db8:1::1]:9", []string{"2001:db8:2::1, 2001:DB8:1:0::2"},
			"2001:db8:2::1"},
		"IPv4 in IPv6": {"[::ffff:10.0.0.1]:9", []string{"::ffff:192.0.2.1, ::ffff:10.0.0.2"},
			"192.0.2.1"},
		"garbage":                    {"10.0.0.1:9", []string{"192.0.2.1, hunter2"}, "10.0.0.1"},
		"garbage before a proxy":     {"10.0.0.1:9", []string{"192.0.2.1, hunter2, 10.0.0.2"}, "10.0.0.2"},
		"garbage nobody asks for":    {"10.0.0.1:9", []string{"hunter2, 192.0.2.1"}, "192.0.2.1"},
		"nothing":                    {"10.0.0.1:9", []string{""}, "10.0.0.1"},
		"nothing between":            {"10.0.0.1:9", []string{"192.0.2.1,,10.0.0.2"}, "10.0.0.2"},
		"nothing at the end":         {"10.0.0.1:9", []string{"192.0.2.1,"}, "10.0.0.1"},
		"an empty header at the end": {"10.0.0.1:9", []string{"192.0.2.1", ""}, "10.0.0.1"},
		"a port":                     {"10.0.0.1:9", []string{"203.0.113.7:51008"}, "203.0.113.7"},
		"brackets":                   {"10.0.0.1:9", []string{"[2001:db8::1]"}, "2001:db8::1"},
		"brackets and a port":        {"10.0.0.1:9", []string{"[2001:db8::1]:4711"}, "2001:db8::1"},
		"ports of several":           {"10.0.0.1:9", []string{"192.0.2.1:1, [::ffff:10.0.0.3]:2,10.0.0.2:3"}, "192.0.2.1"},
		"no port after the colon":    {"10.0.0.1:9", []string{"192.0.2.1:"}, "10.0.0.1"},
		"a port beyond all":          {"10.0.0.1:9", []string{"192.0.2.1:65536"}, "10.0.0.1"},
		"a bracket that stays open":  {"10.0.0.1:9", []string{"[2001:db8::1"}, "10.0.0.1"},
		"brackets around IPv4":       {"10.0.0.1:9", []string{"[192.0.2.1]"}, "10.0.0.1"},
		"brackets in brackets":       {"10.0.0.1:9", []string{"[[2001:db8::1]]"}, "10.0.0.1"},
		"a zone":                     {"10.0.0.1:9", []string{"fe80::1%hunter2"}, "10.0.0.1"},
		"a zone in brackets":         {"10.0.0.1:9", []string{"[fe80::1%hunter2]:80"}, "10.0.0.1"},
		"unknown":                    {"10.0.0.1:9", []string{"192.0.2.1, unknown"}, "10.0.0.1"},
		"no peer":                    {"@", []string{"192.0.2.1"}, "invalid IP"},
	} {
		r := &http.Request{RemoteAddr: test.peer, Header: http.Header{"X-Forwarded-For": slices.Clone(test.headers)}}
		if got := inside.caller(r).String(); got != test.want ||
			!slices.Equal(r.Header["X-Forwarded-For"], test.headers) {
			t.Errorf("%s: got %s, want %s; the header is %q", name, got, test.want, r.Header["X-Forwarded-For"])
		}
	}
}

func TestProxies_ManyEntries_AreFollowedSoFar(t *testing.T) {
	t.Parallel()
	r := &http.Request{RemoteAddr: "10.0.0.1:9", Header: http.Header{}}
	r.Header.Set("X-Forwarded-For", "192.0.2.1"+strings.Repeat(",10.0.0.2", maxHops-1))
	if got := inside.caller(r).String(); got != "192.0.2.1" {
		t.Errorf("got %s", got)
	}
	for _, headers := range [][]string{{strings.Repeat("10.0.0.2,", 999) + "10.0.0.2"},
		strings.Split(strings.Repeat("10.0.0.2,", 999)+"10.0.0.2", ",")} {
		r.Header["X-Forwarded-For"] = append([]string{"192.0.2.1"}, headers...)
		if got := inside.caller(r).String(); got != "10.0.0.2" {
			t.Errorf("got %s", got)
		}
	}
}

func TestProxies_WhatCannotBeRead_IsWarnedOfOnce(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	p := newProxies([]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, slog.New(slog.NewTextHandler(&log, nil)))
	ask := func(peer string, entries ...string) {
		p.caller(&http.Request{RemoteAddr: peer, Header: http.Header{"X-Forwarded-For": entries}})
	}
	ask("10.0.0.1:9")
	ask("10.0.0.1:9", "192.0.2.1:51008")
	ask("192.0.2.1:9", "unreadable from nobody")
	if log.Len() > 0 {
		t.Fatalf("warned of nothing: %s", log.String())
	}
	for range 3 {
		ask("10.0.0.1:9", "192.0.2.1, host.example:80"+strings.Repeat("x", 300))
	}
	if text := log.String(); strings.Count(text, "level=WARN") != 1 || !strings.Contains(text, "host.example:80") ||
		!strings.Contains(text, "proxy=10.0.0.1") || len(text) > 600 {
		t.Errorf("log is %s", text)
	}
}

// from asks with a credential, as a proxy on loopback does for an address.
func (s *site) from(t testing.TB, address, credential string) reply {
	t.Helper()
	return s.post(t, fine, "X-Forwarded-For", address, "Authorization", credential, "Forwarded", "for=198.51.100.7",
		"X-Real-IP", "198.51.100.7")
}

func TestGate_BehindATrustedProxy_TellsCallersApart(t *testing.T) {
	t.Parallel()
	var got authz.Actor
	s := serve(t, Options{
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
		Limits:         Limits{FailedCredentials: 2},
		Now:            func() time.Time { return time.Unix(0, 0) },
		GraphQL: http.HandlerFunc(func(_ http.ResponseWriter,
			r *http.Request) {
			got = authz.ActorFrom(r.Context())
		}),
	})
	for range 2 {
		isRefusal(t, s.from(t, "192.0.2.1", "Bearer bad"), http.StatusUnauthorized, fault.Unauthenticated)
	}
	isRefusal(t, s.from(t, "192.0.2.1", "Bearer bad"), http.StatusTooManyRequests, fault.RateLimited)
	isRefusal(t, s.from(t, "198.51.100.7, 192.0.2.1", "Bearer bad"), http.StatusTooManyRequests, fault.RateLimited)
	isRefusal(t, s.from(t, "192.0.2.1, 192.0.2.2", "Bearer bad"), http.StatusUnauthorized, fault.Unauthenticated)
	if reply := s.from(t, "192.0.2.1, 192.0.2.2", "Bearer good"); reply.StatusCode != http.StatusOK ||
		got.From.IP != "192.0.2.2" {
		t.Errorf("got %d from %s", reply.StatusCode, got.From.IP)
	}
}

func TestGate_WithoutTrustedProxies_BelievesTheConnection(t *testing.T) {
	t.Parallel()
	var got authz.Actor
	s := serve(t, Options{
		Limits:  Limits{FailedCredentials: 2},
		Now:     func() time.Time { return time.Unix(0, 0) },
		GraphQL: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = authz.ActorFrom(r.Context()) }),
	})
	if s.from(t, "192.0.2.1", "Bearer good"); got.From.IP != "127.0.0.1" {
		t.Errorf("got %s", got.From.IP)
	}
	s.from(t, "192.0.2.1", "Bearer bad")
	s.from(t, "192.0.2.2", "Bearer bad")
	isRefusal(t, s.from(t, "192.0.2.3", "Bearer bad"), http.StatusTooManyRequests, fault.RateLimited)
}
