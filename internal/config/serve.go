// Package config reads settings from flags and environment variables. It reports all wrong settings at once, names the
// flag of each, and never quotes a password.
package config

import (
	"bytes"
	"errors"
	"log/slog"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// Serve has the settings of `data-api serve`. Each flag has an environment variable of the same name, prefixed
// DATA_API_; the parser derives it.
type Serve struct {
	Stores `embed:""`

	Listen                string        `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Where to listen (${default})."`
	MetricsListen         string        `placeholder:"HOST:PORT" help:"Where to listen for Prometheus, which asks for /metrics; by default nowhere."`
	TrustedProxies        []string      `placeholder:"CIDR" help:"The networks of the proxies in front, whose X-Forwarded-For is believed; by default none is."`
	TrustedDocuments      string        `placeholder:"FILE" type:"path" help:"A manifest of GraphQL documents that every workspace's callers may name by their ids: of Apollo, Relay or GraphQL Code Generator."`
	AllowedOrigins        []string      `placeholder:"ORIGIN" help:"Origins of pages, beside the server's own, that may use this server from a browser, for example https://app.example; http://localhost:* is any port."`
	TLSCertificateFile    string        `placeholder:"FILE" help:"The certificate to serve HTTPS with, PEM, its chain after it. Read anew when it changes."`
	TLSKeyFile            string        `placeholder:"FILE" help:"The certificate's private key, PEM."`
	TLSEndsInFront        bool          `help:"Say that a proxy in front speaks TLS. Without it and without a certificate, only loopback is listened on."`
	MigrateDatabaseURL    string        `secret:"" placeholder:"URL" help:"The database as the owner role; if given, migrations run before the server starts."`
	OIDCIssuer            string        `placeholder:"URL" help:"The OpenID Connect issuer whose tokens are accepted."`
	OIDCAudience          string        `placeholder:"NAME" help:"The audience that a token must be for."`
	SigningKeyFile        string        `placeholder:"FILE" help:"The JSON key of the service account that signs upload and download URLs."`
	SigningServiceAccount string        `placeholder:"EMAIL" help:"The service account in whose name IAM signs upload and download URLs, instead of a key file."`
	ServerKeyFile         string        `placeholder:"FILE" help:"At least 32 random bytes, for keyed hashes."`
	OtherServerKeyFile    string        `placeholder:"FILE" help:"Another server key, by which what was made is accepted too, while keys are changed."`
	MaxUploadBytes        int64         `default:"5368709120" help:"The largest file, in bytes (${default})."`
	MaxAnswerBytes        int64         `default:"10485760" help:"The longest answer of GraphQL, in bytes (${default}); what 100 injected values of 64 KiB need is the least."`
	OpenWorkspaces        bool          `help:"Let anybody with a verified email address create workspaces."`
	MaxSockets            int           `default:"100" help:"How many WebSockets one person or API key may have open on this server (${default})."`
	RetainVersionsFor     time.Duration `default:"720h" help:"How long the value of a replaced version of a secret is kept (${default})."`
	RestoreSecretsFor     time.Duration `default:"720h" help:"How long a deleted secret can be restored (${default})."`
	DefaultQuotaBytes     int64         `default:"0" help:"What a new workspace may hold, in bytes; 0 for no limit (${default})."`
	Playground            bool          `help:"Serve GraphiQL at /playground, to try the API in a browser."`
	Console               bool          `help:"Serve the console at /console, by which people work in a browser; it needs --sign-in-client."`
	Jobs                  bool          `default:"true" negatable:"" help:"Do what must happen without anybody asking, such as rotations by schedule. At least one server must."`
	DrainFor              time.Duration `default:"5s" help:"How long the server still serves once it is told to stop, while it says that it is not ready (${default})."`
	LogLevel              slog.Level    `default:"info" help:"debug, info, warn or error (${default})."`

	Limits Limits `embed:"" group:"How many a workspace may have, 0 for any number:"`

	Requests Requests `embed:"" group:"What callers may ask for:"`

	Events Events `embed:"" group:"Notifications of storage:"`

	Traces Traces `embed:"" group:"Traces:"`

	Identity Identity `embed:"" group:"Identity providers, where they differ:"`
}

// Emulators are the endpoints of embedded backends. They are refused anywhere but on loopback.
type Emulators struct {
	GCSEndpoint           string `placeholder:"URL" help:"Google Cloud Storage's stand-in."`
	SecretManagerEndpoint string `name:"secretmanager-endpoint" placeholder:"HOST:PORT" help:"Secret Manager's stand-in."`
	BearerFile            string `name:"backend-bearer-file" placeholder:"FILE" help:"What the stand-ins ask of their clients."`
}

// MostUploadBytes is the largest object that Google Cloud Storage takes: 5 TiB.
const MostUploadBytes = 5 << 40

// LeastAnswerBytes is how long an answer with 100 injected values of 64 KiB is, in base64.
const LeastAnswerBytes = 9 << 20

// accountForm is an email of a service account, as the IAM API takes it.
var accountForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]*@[a-z0-9][a-z0-9.-]*$`)

// minKeyBytes is the length from which a key of HMAC-SHA-256 is as strong as the hash.
const minKeyBytes = 32

// Check returns fault.Invalid naming every wrong setting, or nil.
func (s Serve) Check() error {
	return errors.Join(
		s.Stores.Check(),
		s.missing(),
		isListenAddress("--listen", s.Listen),
		s.checkMetrics(),
		CheckDatabaseURL("--migrate-database-url", s.MigrateDatabaseURL),
		isSafeIssuer("--oidc-issuer", s.OIDCIssuer),
		s.Events.check(s.OIDCAudience),
		s.Traces.check(),
		s.Identity.check(s.OIDCIssuer, s.OIDCAudience),
		s.checkSigner(),
		s.checkBytes(),
		s.checkDrain(),
		s.Limits.check(),
		s.Requests.check(),
		s.checkTLS(),
		s.checkProxies(),
		s.checkOrigins(),
		s.checkConsole(),
		s.Dev.check(s.Listen),
	)
}

func (s Serve) missing() error {
	var errs []error
	for _, setting := range []struct{ flag, value string }{
		{"--oidc-issuer", s.OIDCIssuer}, {"--oidc-audience", s.OIDCAudience}, {"--server-key-file", s.ServerKeyFile},
	} {
		if setting.value == "" {
			errs = append(errs, bad(setting.flag, "is missing (or set %s)", variable(setting.flag)))
		}
	}

	return errors.Join(errs...)
}

func (s Serve) checkMetrics() error {
	if s.MetricsListen == "" {
		return nil
	}

	return isListenAddress("--metrics-listen", s.MetricsListen)
}

func (s Serve) checkConsole() error {
	if s.Console && s.Identity.SignInClient == "" {
		return bad("--console", "needs --sign-in-client, by which people sign in there")
	}

	return nil
}

// checkSigner wants one way of signing: with both, nobody would know whose signature it is.
func (s Serve) checkSigner() error {
	switch file, account := s.SigningKeyFile != "", s.SigningServiceAccount; {
	case !file && account == "":
		return bad("--signing-key-file", "or --signing-service-account is missing (or set %s or %s)",
			variable("--signing-key-file"), variable("--signing-service-account"))
	case file && account != "":
		return bad("--signing-key-file", "and --signing-service-account exclude each other: sign with the file's "+
			"key, or let IAM sign")
	case account != "" && !accountForm.MatchString(account):
		return bad("--signing-service-account", "is no email of a service account: %q", account)
	}

	return nil
}

func (s Serve) checkBytes() error {
	if s.MaxUploadBytes < 1 || s.MaxUploadBytes > MostUploadBytes {
		return bad("--max-upload-bytes", "must be 1 to %d", int64(MostUploadBytes))
	}

	if s.MaxAnswerBytes < LeastAnswerBytes {
		return bad("--max-answer-bytes", "must be %d or more, for 100 injected values of 64 KiB", LeastAnswerBytes)
	}

	if s.MaxSockets < 1 {
		return bad("--max-sockets", "must be 1 or more")
	}

	for flag, d := range map[string]time.Duration{
		"--retain-versions-for": s.RetainVersionsFor,
		"--restore-secrets-for": s.RestoreSecretsFor,
	} {
		if d != 0 && d < time.Hour {
			return bad(flag, "must be an hour or more")
		}
	}

	return CheckDefaultQuota(s.DefaultQuotaBytes)
}

// CheckDefaultQuota refuses a number of bytes that no workspace could have for a limit.
func CheckDefaultQuota(bytes int64) error {
	if bytes < 0 {
		return bad("--default-quota-bytes", "must be 0, for no limit, or more")
	}

	return nil
}

// mostDrain is longer than any load balancer takes to look at /readyz a few times.
const mostDrain = 10 * time.Minute

func (s Serve) checkDrain() error {
	if s.DrainFor < 0 || s.DrainFor > mostDrain {
		return bad("--drain-for", "must be 0s, to stop at once, to %s", mostDrain)
	}

	return nil
}

// DefaultQuota is what a new workspace may hold, in bytes; nil for no limit.
func (s Serve) DefaultQuota() *int64 {
	if s.DefaultQuotaBytes == 0 {
		return nil
	}

	return &s.DefaultQuotaBytes
}

// RegionNames are the regions that workspaces can be created in, in order.
func (s Serve) RegionNames() []string { return slices.Sorted(maps.Keys(s.Buckets())) }

func bad(flag, format string, args ...any) error {
	e := fault.New(fault.Invalid, format, args...)
	e.Say = flag + " " + e.Say
	return e
}

func variable(flag string) string {
	return "DATA_API_" + strings.ToUpper(strings.ReplaceAll(strings.TrimPrefix(flag, "--"), "-", "_"))
}

// Bearer is what the embedded backends ask of their clients; empty without them.
func (e Emulators) Bearer() (string, error) {
	if e.BearerFile == "" {
		return "", nil
	}

	text, err := os.ReadFile(e.BearerFile)
	if err != nil {
		return "", bad("--backend-bearer-file", "cannot be read: %v", err)
	}

	return strings.TrimSpace(string(text)), nil
}

// ServerKeys reads the keys of keyed hashes: the one that makes them, and, if there is one, the one that is accepted
// too.
//
// Errors: those of ServerKey and OtherServerKey.
func (s Serve) ServerKeys() ([][]byte, error) {
	key, err := s.ServerKey()
	if s.OtherServerKeyFile == "" {
		return [][]byte{key}, err
	}

	other, wrong := s.OtherServerKey()
	return [][]byte{key, other}, errors.Join(err, wrong)
}

// ServerKey reads the key that makes hashes. Errors: fault.Invalid if it cannot be read or is too short.
func (s Serve) ServerKey() ([]byte, error) { return readKey("--server-key-file", s.ServerKeyFile) }

// OtherServerKey reads the key that is accepted too. Errors: fault.Invalid if it cannot be read, is too short, or is
// the key that makes hashes.
func (s Serve) OtherServerKey() ([]byte, error) {
	const flag = "--other-server-key-file"
	other, err := readKey(flag, s.OtherServerKeyFile)
	if err != nil {
		return nil, err
	}

	if key, err := s.ServerKey(); err == nil && bytes.Equal(key, other) {
		return nil, bad(flag, "holds the key of --server-key-file: give the key before it, the next one, or none")
	}

	return other, nil
}

func readKey(flag, file string) ([]byte, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, bad(flag, "cannot be read: %v", err)
	}

	if content = bytes.TrimSpace(content); len(content) < minKeyBytes {
		return nil, bad(flag, "holds %d bytes; it needs at least %d random ones", len(content), minKeyBytes)
	}

	return content, nil
}
