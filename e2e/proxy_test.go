package e2e

import (
	"bytes"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// serveWith starts a server on the backends with more settings than the others have, until the test ends.
func (s *stack) serveWith(t *testing.T, name string, settings ...string) *process {
	t.Helper()
	args := append([]string{"serve", "--listen", "127.0.0.1:0", "--drain-for", "0s"}, settings...)
	for flag, setting := range map[string]string{
		"--database-url":           "databaseUrl",
		"--oidc-issuer":            "oidcIssuer",
		"--oidc-audience":          "oidcAudience",
		"--gcp-project":            "gcpProject",
		"--regions":                "region",
		"--signing-key-file":       "signingKeyFile",
		"--server-key-file":        "serverKeyFile",
		"--gcs-endpoint":           "gcsEndpoint",
		"--secretmanager-endpoint": "secretManagerEndpoint",
		"--backend-bearer-file":    "bearerFile",
	} {
		if flag != "--signing-key-file" || !slices.Contains(settings, "--signing-service-account") {
			args = append(args, flag, s.setting(setting))
		}
	}
	p, err := s.launch(s.binary, name, "listening", args...)
	testkit.Must(t, err)
	t.Cleanup(func() {
		if err := p.stop(); err != nil {
			t.Errorf("stopping %s: %v", name, err)
		}
	})
	return p
}

func TestProxy_Trusted_TellsWhoReveals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	trusting := shared.serveWith(t, "trusting", "--trusted-proxies", "127.0.0.1/32,10.0.0.0/8").address
	id := w.keepSecret()
	for _, test := range []struct {
		address, forwarded, want string
	}{
		{trusting, "192.0.2.7", "192.0.2.7"},
		{trusting, "198.51.100.9, 2001:DB8::7, 10.1.2.3", "2001:db8::7"},
		{trusting, "192.0.2.7, unknown", "127.0.0.1"},
		{shared.server.address, "192.0.2.7", "127.0.0.1"},
	} {
		if got := w.revealedFrom(id, test.address, test.forwarded); got != test.want {
			t.Errorf("%q is on record as %q, want %q", test.forwarded, got, test.want)
		}
	}
}

func (w *world) keepSecret() (id string) {
	w.t.Helper()
	a := w.do(w.user("acme", authz.Admin),
		`mutation($v: SecretString!) { createSecret(input: {name: "proxied", value: {text: $v}}) { secret { id } } }`,
		map[string]any{"v": w.canaries.add("proxy")})
	if id = a.text("data", "createSecret", "secret", "id"); id == "" {
		w.t.Fatalf("no secret was made: %s", a.body)
	}
	return id
}

// revealedFrom reveals a secret through a server, and returns the address that the event has on record.
func (w *world) revealedFrom(id, address, forwarded string) string {
	w.t.Helper()
	admin := w.user("acme", authz.Admin)
	body, err := json.Marshal(map[string]any{"query": `mutation($id: ID!) { revealSecret(input: {secretId: $id}) { auditEventId } }`, "variables": map[string]any{"id": id}})
	testkit.Must(w.t, err)
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, "http://"+address+"/graphql",
		bytes.NewReader(body))
	testkit.Must(w.t, err)
	for name, value := range map[string]string{
		"Content-Type":    "application/json",
		admin.header:      admin.value,
		"X-Forwarded-For": forwarded,
		"Forwarded":       "for=198.51.100.1",
		"X-Real-IP":       "198.51.100.1",
	} {
		r.Header.Set(name, value)
	}
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	defer response.Body.Close()
	a := answer{}
	testkit.Must(w.t, json.NewDecoder(response.Body).Decode(&a.tree))
	event := a.text("data", "revealSecret", "auditEventId")
	return w.do(admin, `query($id: ID!) { auditEvent(id: $id) { ip } }`, map[string]any{"id": event}).
		text("data", "auditEvent", "ip")
}

func TestProxy_None_ServerSpeaksTLSItself(t *testing.T) {
	t.Parallel()
	other := httptest.NewTLSServer(http.NotFoundHandler())
	defer other.Close()
	certificate, key := writePair(t, other)
	p := shared.serveWith(t, "tls", "--tls-certificate-file", certificate, "--tls-key-file", key)
	response, err := other.Client().Get("https://" + p.address + "/readyz")
	testkit.Must(t, err)
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK || response.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("got %d %v", response.StatusCode, response.Header)
	}
	other.Client().CloseIdleConnections()
}

// TestProxy_SpeaksTLS_ServerSaysHTTPS sends a server what a proxy that ends TLS sends: plain HTTP, with a page's
// origin.
func TestProxy_SpeaksTLS_ServerSaysHTTPS(t *testing.T) {
	t.Parallel()
	address := shared.serveWith(t, "behind", "--tls-ends-in-front").address
	for origin, status := range map[string]int{
		"https://localhost": http.StatusSwitchingProtocols,
		"http://localhost":  http.StatusForbidden,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+address+"/graphql", nil)
		testkit.Must(t, err)
		for name, value := range map[string]string{
			"Connection":             "Upgrade",
			"Upgrade":                "websocket",
			"Origin":                 origin,
			"Sec-WebSocket-Version":  "13",
			"Sec-WebSocket-Key":      "AAAAAAAAAAAAAAAAAAAAAA==",
			"Sec-WebSocket-Protocol": "graphql-transport-ws",
		} {
			r.Header.Set(name, value)
		}
		r.Host = "localhost"

		response, err := client.Do(r)
		testkit.Must(t, err)
		_ = response.Body.Close()
		if response.StatusCode != status || response.Header.Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: got %d %v", origin, response.StatusCode, response.Header)
		}
	}
}

// writePair keeps the certificate of a test's server, which that server's client trusts, as files.
func writePair(t *testing.T, s *httptest.Server) (certificate, key string) {
	t.Helper()
	raw, err := x509.MarshalPKCS8PrivateKey(s.TLS.Certificates[0].PrivateKey)
	testkit.Must(t, err)
	dir := t.TempDir()
	certificate, key = filepath.Join(dir, "c.pem"), filepath.Join(dir, "k.pem")
	for path, block := range map[string]*pem.Block{
		certificate: {Type: "CERTIFICATE", Bytes: s.Certificate().Raw},
		key:         {Type: "PRIVATE KEY", Bytes: raw},
	} {
		testkit.Must(t, os.WriteFile(path, pem.EncodeToMemory(block), 0o600))
	}
	return certificate, key
}
