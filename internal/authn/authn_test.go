package authn_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"hash"
	"maps"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	audience                   = "data-api"
	here     authz.WorkspaceID = "0198c0de-0000-7000-8000-000000000001"
	there    authz.WorkspaceID = "0198c0de-0000-7000-8000-000000000002"
	nowhere  authz.WorkspaceID = "0198c0de-0000-7000-8000-000000000003"
)

type members func(ctx context.Context, issuer, subject string) ([]authn.Membership, error)

func (m members) Join(context.Context, authz.Actor) error { panic("nobody is invited") }

func (m members) MembershipsOf(ctx context.Context, issuer, subject, _ string) ([]authn.Membership, error) {
	return m(ctx, issuer, subject)
}

type keys func(ctx context.Context, hash []byte) (authn.Key, bool, error)

func (k keys) ByHash(ctx context.Context, hash []byte) (authn.Key, bool, error) {
	return k(ctx, hash)
}

func (k keys) MarkUsed(context.Context, authn.Key, time.Time) error { return nil }

func noKeys(context.Context, []byte) (authn.Key, bool, error) { return authn.Key{}, false, nil }

// admin is Ada's membership of one workspace, and of no other person's.
func admin(_ context.Context, _, subject string) ([]authn.Membership, error) {
	if subject != "ada" {
		return nil, nil
	}
	return []authn.Membership{{
		MemberID:  "m1",
		Workspace: here,
		Region:    "eu",
		Role:      authz.Admin,
		Email:     "ada@example.com",
	}}, nil
}

// clock is moved by hand.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// counter counts fetches of keys.
type counter struct {
	http.Transport
	fetches atomic.Int32
}

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/jwks.json") {
		c.fetches.Add(1)
	}
	return c.Transport.RoundTrip(r)
}

// world is an authenticator, the issuer it trusts, and that issuer's private key.
type world struct {
	*authn.Authenticator
	issuer  *oidc.Issuer
	url     string
	dir     string
	kid     string
	private *rsa.PrivateKey
	clock   *clock
	wire    *counter
}

// oneKey is the key of all issuers that do not need one of their own: making one takes a while.
var oneKey = sync.OnceValue(func() []byte {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		panic(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
})

func newWorld(t *testing.T, o authn.Options) *world {
	t.Helper()
	w := &world{dir: t.TempDir(), clock: &clock{at: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}, wire: &counter{}}
	testkit.Must(t, os.WriteFile(filepath.Join(w.dir, "key.pem"), oneKey(), 0o600))
	w.start(t, "127.0.0.1:0")
	w.url, w.private = w.issuer.URL(), privateKey(t, w.dir)
	if o.Members == nil {
		o.Members = members(admin)
	}
	if o.Keys == nil {
		o.Keys = keys(noKeys)
	}
	o.Issuer, o.Audience, o.Now, o.Transport = w.url, audience, w.clock.now, w.wire
	a, err := authn.New(o)
	testkit.Must(t, err)
	t.Cleanup(a.Close)
	w.Authenticator = a
	return w
}

func (w *world) start(t *testing.T, listen string) {
	t.Helper()
	i, err := oidc.Start(t.Context(), oidc.Options{Dir: w.dir, Listen: listen})
	testkit.Must(t, err)
	key, err := oidc.LoadKey(w.dir)
	testkit.Must(t, err)
	w.issuer, w.kid = i, key.ID()
	t.Cleanup(func() { _ = i.Close() })
}

func privateKey(t *testing.T, dir string) *rsa.PrivateKey {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "key.pem"))
	testkit.Must(t, err)
	block, _ := pem.Decode(text)
	k, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	testkit.Must(t, err)
	return k.(*rsa.PrivateKey)
}

// claims are those of a token that is valid for five minutes.
func (w *world) claims() changes {
	now := w.clock.now().Unix()
	return changes{
		"iss":            w.url,
		"aud":            audience,
		"sub":            "ada",
		"iat":            now,
		"nbf":            now,
		"exp":            now + 300,
		"email":          "ada@idp.example",
		"email_verified": true,
	}
}

// sign makes a token of these claims, with header members on top of the usual ones; nil takes one away.
func (w *world) sign(t *testing.T, claims changes, header map[string]any) string {
	t.Helper()
	all := map[string]any{"kid": w.kid}
	maps.Copy(all, header)
	return signWith(t, "RS256", w.private, claims, all)
}

// signWith makes a token whose header may say anything; the algorithm is the one that really signs.
func signWith(t *testing.T, algorithm string, key any, claims changes, header map[string]any) string {
	t.Helper()
	text := encoded(t, with(changes{"typ": "JWT", "alg": algorithm}, header)) + "." + encoded(t, claims)
	return text + "." + base64.RawURLEncoding.EncodeToString(signature(t, algorithm, key, text))
}

// encoded is a segment of a token.
func encoded(t *testing.T, content any) string {
	t.Helper()
	text, err := json.Marshal(content)
	testkit.Must(t, err)
	return base64.RawURLEncoding.EncodeToString(text)
}

// signature signs as RFC 7518 says. A library would refuse to make some of these tokens.
func signature(t *testing.T, algorithm string, key any, text string) (signed []byte) {
	t.Helper()
	var err error
	digest := sha256.Sum256([]byte(text))
	switch algorithm {
	case "RS256":
		signed, err = rsa.SignPKCS1v15(rand.Reader, key.(*rsa.PrivateKey), crypto.SHA256, digest[:])
	case "PS256":
		signed, err = rsa.SignPSS(rand.Reader, key.(*rsa.PrivateKey), crypto.SHA256, digest[:],
			&rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	case "ES256":
		var r, s *big.Int
		if r, s, err = ecdsa.Sign(rand.Reader, key.(*ecdsa.PrivateKey), digest[:]); err == nil {
			signed = append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
		}
	case "HS256", "HS512":
		mac := hmac.New(map[string]func() hash.Hash{"HS256": sha256.New, "HS512": sha512.New}[algorithm], key.([]byte))
		_, err = mac.Write([]byte(text))
		signed = mac.Sum(nil)
	case "none":
	default:
		t.Fatalf("unknown algorithm %s", algorithm)
	}
	testkit.Must(t, err)
	return signed
}

// with changes members of a map; nil takes one away.
func with[M ~map[string]any](m M, changes map[string]any) M {
	for name, value := range changes {
		if m[name] = value; value == nil {
			delete(m, name)
		}
	}
	return m
}

func headers(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Add(pairs[i], pairs[i+1])
	}
	return h
}

func (w *world) jwt(ctx context.Context, token string, more ...string) (authz.Actor, error) {
	return w.Authenticate(ctx, headers(append([]string{"Authorization", "Bearer " + token}, more...)...),
		authz.Origin{RequestID: "r1", IP: "192.0.2.1"})
}

// wantRefused checks the kind, that nobody acts, that there is a sentence and that no piece of the credential is in it.
func wantRefused(t *testing.T, a authz.Actor, err error, kind fault.Kind, pieces ...string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != kind || len(f.Say) < 10 || a.Kind != "" {
		t.Fatalf("got %+v, %v, want %s", a, err, kind)
	}
	for _, p := range pieces {
		if len(p) > 8 && strings.Contains(err.Error(), p) {
			t.Errorf("the error quotes the credential: %v", err)
		}
	}
}

func TestNew_UntrustworthyIssuerOrNoAudience_IsInvalid(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]authn.Options{
		"no issuer":    {Audience: audience},
		"plain http":   {Issuer: "http://idp.example", Audience: audience},
		"no scheme":    {Issuer: "idp.example", Audience: audience},
		"file":         {Issuer: "file:///etc/passwd", Audience: audience},
		"no audience":  {Issuer: "https://idp.example"},
		"look-alike":   {Issuer: "http://127.0.0.1.example", Audience: audience},
		"not loopback": {Issuer: "http://192.0.2.1", Audience: audience},
	} {
		if _, err := authn.New(o); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
