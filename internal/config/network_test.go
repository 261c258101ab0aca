package config

import (
	"fmt"
	"strings"
	"testing"
)

func TestProxies_Networks_AreTaken(t *testing.T) {
	t.Parallel()
	s := good()
	for _, test := range []struct {
		given []string
		want  string
	}{
		{nil, "[]"},
		{[]string{"127.0.0.1/32"}, "[127.0.0.1/32]"},
		{[]string{"10.1.2.3/8", "2001:DB8::1/32", "0.0.0.0/1"}, "[10.0.0.0/8 2001:db8::/32 0.0.0.0/1]"},
	} {
		s.TrustedProxies = test.given
		if got, err := s.Proxies(), s.Check(); err != nil || fmt.Sprint(got) != test.want {
			t.Errorf("%v: got %v, %v", test.given, got, err)
		}
	}
}

func TestProxies_WhatIsNoneOrEverybody_IsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	s := good()
	s.TrustedProxies = []string{"0.0.0.0/0", "::/0", "10.0.0.1", "hunter2", "", "10.0.0.0/33", "::ffff:10.0.0.0/104",
		"::ffff:0:0/96", "fe80::%eth0/64", "1.2.3.4/0", "10.0.0.0/8"}
	err := s.Check()
	if err == nil || strings.Count(err.Error(), "--trusted-proxies ") != len(s.TrustedProxies)-1 {
		t.Fatalf("got %v", err)
	}
	if got := fmt.Sprint(s.Proxies()); got != "[10.0.0.0/8]" {
		t.Errorf("%s would be trusted", got)
	}
}

func TestOrigins_WhatNoBrowserSends_IsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	s := good()
	s.AllowedOrigins = []string{"https://app.example", "https://app.example:8443", "http://localhost:5173",
		"http://127.0.0.1", "http://[::1]:1",
		"http://localhost:*", "http://127.0.0.1:*", "https://localhost:*"}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	s.AllowedOrigins = []string{"*", "null", "", "app.example", "https://", "https://app.example/",
		"https://App.example", "https://*.example", "http://app.example",
		"https://a@app.example", "https://app.example?x", "ftp://app.example", "https://app.example:443",
		"http://localhost:80", "https://app.example/x",
		"https://app.example:*", "http://app.example:*", "http://localhost:1:*", "http://localhost:**", "http://*:*",
		"http://localhost*", ":*"}
	if err := s.Check(); err == nil || strings.Count(err.Error(), "--allowed-origins ") != len(s.AllowedOrigins) {
		t.Errorf("got %v", err)
	}
}

func TestCheck_HalfOfTLS_IsRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ certificate, key, want string }{
		{"c.pem", "", "--tls-key-file is missing"}, {"", "k.pem", "--tls-certificate-file is missing"}, {"c.pem",
			"k.pem", ""}, {"", "", ""},
	} {
		s := good()
		s.TLSCertificateFile, s.TLSKeyFile = test.certificate, test.key
		if err := s.Check(); (err == nil) != (test.want == "") || err != nil &&
			!strings.Contains(err.Error(), test.want) {
			t.Errorf("%q, %q: got %v", test.certificate, test.key, err)
		}
	}
}

func TestCheck_BeyondLoopbackWithoutTLS_IsRefusedWithBothWaysOut(t *testing.T) {
	t.Parallel()
	for listen, beyond := range map[string]bool{
		"127.0.0.1:8080": false,
		"localhost:1":    false,
		"[::1]:1":        false,
		":8080":          true,
		"0.0.0.0:8080":   true,
		"[::]:1":         true,
		"10.0.0.1:1":     true,
	} {
		s := good()
		s.Listen = listen
		err := s.Check()
		if (err != nil) != beyond {
			t.Errorf("%s: got %v", listen, err)
		}
		ways := []string{"--tls-certificate-file", "--tls-key-file", "--tls-ends-in-front",
			"DATA_API_TLS_ENDS_IN_FRONT"}
		for _, way := range ways {
			if beyond && err != nil && !strings.Contains(err.Error(), way) {
				t.Errorf("%s: %s is not named in: %v", listen, way, err)
			}
		}

		s.TLSEndsInFront = true
		if err := s.Check(); err != nil {
			t.Errorf("%s, with TLS in front: got %v", listen, err)
		}

		s.TLSEndsInFront, s.TLSCertificateFile, s.TLSKeyFile = false, "c.pem", "k.pem"
		if err := s.Check(); err != nil {
			t.Errorf("%s, with a certificate: got %v", listen, err)
		}
	}
}

func TestHosts_NextToEmbeddedBackends_AreLoopback(t *testing.T) {
	t.Parallel()
	if got := good().Hosts(); got != nil {
		t.Errorf("got %v", got)
	}
	for _, host := range (Serve{Stores: Stores{Dev: Emulators{GCSEndpoint: "http://127.0.0.1:1"}}}).Hosts() {
		if !IsLoopback(host) {
			t.Errorf("got %s", host)
		}
	}
}
