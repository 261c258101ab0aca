package httpserver

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"
)

// pair is a certificate on disk, made for these tests.
type pair struct {
	t                      *testing.T
	certificate, key       string
	changed                time.Time
	certificatePEM, keyPEM []byte
}

func newPair(t *testing.T) *pair {
	t.Helper()
	dir := t.TempDir()
	p := &pair{
		t:           t,
		certificate: filepath.Join(dir, "c.pem"),
		key:         filepath.Join(dir, "k.pem"),
		changed:     time.Unix(1_800_000_000, 0),
	}
	p.make("first")
	p.write(p.certificate, p.certificatePEM)
	p.write(p.key, p.keyPEM)
	return p
}

// make signs a new certificate by its own key, and keeps both in memory.
func (p *pair) make(name string) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	testkit.Must(p.t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: name},
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	testkit.Must(p.t, err)
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	testkit.Must(p.t, err)
	p.certificatePEM = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	p.keyPEM = pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})
}

// write replaces a file, later than the one before.
func (p *pair) write(path string, content []byte) {
	p.changed = p.changed.Add(time.Second)
	testkit.Must(p.t, os.WriteFile(path, content, 0o600))
	testkit.Must(p.t, os.Chtimes(path, p.changed, p.changed))
}

// secure is a server with TLS, and a way to ask it that takes a new connection each time.
func secure(t *testing.T, p *pair, clock *clock, log *logBook) func(change func(*http.Transport)) (greeting, error) {
	t.Helper()
	logger := slog.New(slog.NewJSONHandler(log, nil))
	listener, err := Listen(t.Context(), Socket{
		Address:         "127.0.0.1:0",
		CertificateFile: p.certificate,
		KeyFile:         p.key,
		Now:             clock.Now,
		Log:             logger,
	})
	testkit.Must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Run(ctx, listener, NewHandler(Options{Log: logger}), Limits{}, logger) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return func(change func(*http.Transport)) (greeting, error) {
		transport := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}
		if change != nil {
			change(transport)
		}
		client := &http.Client{Transport: transport}
		defer client.CloseIdleConnections()
		response, err := client.Get("https://" + listener.Addr().String() + "/healthz")
		if err != nil {
			return greeting{}, err
		}
		defer response.Body.Close()
		_, err = io.Copy(io.Discard, response.Body)
		return greeting{response.StatusCode, response.Proto, response.TLS.Version, response.Header,
			response.TLS.PeerCertificates[0].Subject.CommonName}, err
	}
}

// greeting is how a server with TLS answered.
type greeting struct {
	status   int
	protocol string
	version  uint16
	header   http.Header
	name     string
}

func TestListen_WithACertificate_SpeaksTLSAndAsksToStayThere(t *testing.T) {
	t.Parallel()
	ask := secure(t, newPair(t), &clock{now: time.Unix(0, 0)}, &logBook{})
	for _, most := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		got, err := ask(func(c *http.Transport) { c.TLSClientConfig.MaxVersion = most })
		testkit.Must(t, err)
		if got.status != http.StatusOK || got.version != most || got.protocol != "HTTP/2.0" ||
			!strings.HasPrefix(got.header.Get("Strict-Transport-Security"), "max-age=") {
			t.Errorf("got %+v", got)
		}
	}
	if got, err := ask(func(c *http.Transport) { c.ForceAttemptHTTP2 = false }); err != nil ||
		got.protocol != "HTTP/1.1" {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := ask(func(c *http.Transport) {
		c.TLSClientConfig.MinVersion, c.TLSClientConfig.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
	}); err == nil {
		t.Error("it speaks TLS 1.1")
	}
}

func TestListen_ChangedCertificate_IsUsedWithinAMinute(t *testing.T) {
	t.Parallel()
	p, clock, log := newPair(t), &clock{now: time.Unix(0, 0)}, &logBook{}
	ask := secure(t, p, clock, log)
	isNamed := func(want string) {
		t.Helper()
		got, err := ask(nil)
		testkit.Must(t, err)
		if got.name != want {
			t.Errorf("got the certificate %s, want %s", got.name, want)
		}
	}
	isNamed("first")
	p.make("second")
	p.write(p.certificate, p.certificatePEM)
	clock.advance(certificateInterval)
	isNamed("first") // its key is not there yet
	if n := strings.Count(log.String(), "not renewed"); n != 1 {
		t.Errorf("logged %s", log)
	}
	p.write(p.key, p.keyPEM)
	clock.advance(certificateInterval - 1)
	isNamed("first") // nobody looked
	clock.advance(1)
	isNamed("second")
	testkit.Must(t, os.Remove(p.key))
	clock.advance(certificateInterval)
	isNamed("second")
	if n := strings.Count(log.String(), "not renewed"); n != 2 || strings.Contains(log.String(), "PRIVATE") {
		t.Errorf("logged %s", log)
	}
}

func TestListen_WhatIsNoPair_IsAnError(t *testing.T) {
	t.Parallel()
	p := newPair(t)
	for name, s := range map[string]Socket{
		"no certificate": {Address: "127.0.0.1:0", CertificateFile: "gone.pem", KeyFile: p.key},
		"no key":         {Address: "127.0.0.1:0", CertificateFile: p.certificate, KeyFile: "gone.pem"},
		"swapped":        {Address: "127.0.0.1:0", CertificateFile: p.key, KeyFile: p.certificate},
		"no address":     {Address: "127.0.0.1:99999"},
	} {
		if listener, err := Listen(t.Context(), s); err == nil {
			t.Errorf("%s: it listens", name)
			_ = listener.Close()
		}
	}
}

func TestListen_WithoutACertificate_IsPlain(t *testing.T) {
	t.Parallel()
	listener, err := Listen(t.Context(), Socket{Address: "127.0.0.1:0"})
	testkit.Must(t, err)
	if _, ok := listener.(*net.TCPListener); !ok {
		t.Errorf("got %T", listener)
	}
	if err := listener.Close(); err != nil {
		t.Error(err)
	}
}
