package authn_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
)

func (w *world) wantAccepted(t *testing.T, token string) {
	t.Helper()
	if _, err := w.jwt(t.Context(), token); err != nil {
		t.Fatal(err)
	}
}

// unknown returns tokens with key ids that nobody has.
func (w *world) unknown(t *testing.T, size int) (tokens []string) {
	t.Helper()
	for n := range size {
		tokens = append(tokens, w.sign(t, w.claims(), changes{"kid": fmt.Sprintf("unknown-%d", n)}))
	}
	return tokens
}

// storm sends all the tokens at once.
func (w *world) storm(t *testing.T, tokens []string) {
	t.Helper()
	var wg sync.WaitGroup
	for _, token := range tokens {
		wg.Go(func() {
			if _, err := w.jwt(t.Context(), token); !fault.Is(err, fault.Unauthenticated) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestStorm_UnknownKeyIDs_CostTwoFetchesInThirtySeconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	valid := w.sign(t, with(w.claims(), changes{"exp": w.clock.now().Unix() + 3600}), nil)
	w.wantAccepted(t, valid)
	unknown := w.unknown(t, 10)
	for window := range 3 {
		w.wire.fetches.Store(0)
		for range 29 {
			w.storm(t, unknown)
			w.wantAccepted(t, valid)
			w.clock.pass(time.Second)
		}
		if n := w.wire.fetches.Load(); n > 2 {
			t.Errorf("window %d cost %d fetches", window, n)
		}
		w.clock.pass(30 * time.Second)
	}
}

func TestStorm_AsTheFirstThingThatHappens_CostsTwoFetches(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	w.storm(t, w.unknown(t, 50))
	if n := w.wire.fetches.Load(); n > 2 {
		t.Errorf("it cost %d fetches", n)
	}
}

func TestStorm_KnownKeyIDAndBadSignature_CostsTwoFetches(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	valid := w.sign(t, w.claims(), nil)
	w.wantAccepted(t, valid)
	for range 50 {
		a, err := w.jwt(t.Context(), valid[:len(valid)-8]+"AAAAAAAA")
		wantRefused(t, a, err, fault.Unauthenticated)
	}
	if n := w.wire.fetches.Load(); n != 2 {
		t.Errorf("%d fetches", n)
	}
}

func TestIssuer_DownAtStart_IsUnavailableUntilItIsUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	testkit.Must(t, w.issuer.Close())
	token := w.sign(t, w.claims(), nil)
	for range 3 {
		a, err := w.jwt(t.Context(), token)
		wantRefused(t, a, err, fault.Unavailable, strings.Split(token, ".")...)
	}
	w.start(t, strings.TrimPrefix(w.url, "http://"))
	w.clock.pass(time.Second)
	w.wantAccepted(t, token)
}

func TestIssuer_DownLater_KnownKeysServeForAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	token := w.sign(t, with(w.claims(), changes{"exp": w.clock.now().Unix() + 7200}), nil)
	w.wantAccepted(t, token)
	testkit.Must(t, w.issuer.Close())
	w.clock.pass(59 * time.Minute)
	w.wantAccepted(t, token)
	a, err := w.jwt(t.Context(), w.sign(t, w.claims(), changes{"kid": "new"}))
	wantRefused(t, a, err, fault.Unavailable)
	w.clock.pass(time.Minute)
	a, err = w.jwt(t.Context(), token)
	wantRefused(t, a, err, fault.Unavailable)
}

func TestIssuer_RotatesItsKey_NewCountsAtOnceAndOldNoMore(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	before := w.sign(t, w.claims(), nil)
	w.wantAccepted(t, before)
	testkit.Must(t, w.issuer.Close())
	w.dir = t.TempDir()
	w.start(t, strings.TrimPrefix(w.url, "http://"))
	w.private = privateKey(t, w.dir)
	w.wantAccepted(t, w.sign(t, w.claims(), nil))
	a, err := w.jwt(t.Context(), before)
	wantRefused(t, a, err, fault.Unauthenticated)
}

func TestIssuer_KeysTenMinutesOld_AreFetchedAgainBesideTheRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	token := w.sign(t, with(w.claims(), changes{"exp": w.clock.now().Unix() + 7200}), nil)
	w.wantAccepted(t, token)
	w.clock.pass(10 * time.Minute)
	for deadline := time.Now().Add(10 * time.Second); w.wire.fetches.Load() < 2; {
		w.wantAccepted(t, token)
		if time.Now().After(deadline) {
			t.Fatal("they were not fetched again")
		}
	}
}

func TestIssuer_CallerGone_DoesNotWait(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer s.Close()
	defer close(release)
	w := newWorld(t, authn.Options{})
	a, err := authn.New(authn.Options{
		Issuer:    s.URL,
		Audience:  audience,
		Members:   members(admin),
		Keys:      keys(noKeys),
		Transport: &http.Transport{DisableKeepAlives: true},
	})
	testkit.Must(t, err)
	w.Authenticator = a
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	actor, err := w.jwt(ctx, w.sign(t, w.claims(), nil))
	wantRefused(t, actor, err, fault.Unavailable)
}

// impostor serves a discovery document and a key set of a test's making.
type impostor struct {
	issuer, jwks func(self string) any
}

func (i impostor) start(t *testing.T, w *world) {
	t.Helper()
	i.startAs(t, w, "", authn.Options{Members: members(admin)})
}

// startAs serves it as the issuer at a path, and trusts it by these options.
func (i impostor) startAs(t *testing.T, w *world, path string, o authn.Options) {
	t.Helper()
	mux := http.NewServeMux()
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	serve := func(content func(string) any) http.HandlerFunc {
		return func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(rw).Encode(content(s.URL))
		}
	}
	mux.HandleFunc(strings.TrimSuffix(path, "/")+"/.well-known/openid-configuration", serve(i.issuer))
	mux.HandleFunc("/jwks.json", serve(i.jwks))
	mux.HandleFunc("/moved",
		func(rw http.ResponseWriter, r *http.Request) { http.Redirect(rw, r, "/jwks.json", http.StatusFound) })
	o.Issuer, o.Audience, o.Now, o.Keys = s.URL+path, audience, w.clock.now, keys(noKeys)
	a, err := authn.New(o)
	testkit.Must(t, err)
	t.Cleanup(a.Close)
	w.Authenticator, w.url = a, o.Issuer
}

func honest(self string) any {
	return map[string]string{"issuer": self, "jwks_uri": self + "/jwks.json"}
}

func setOf(keys ...jose.JSONWebKey) func(string) any {
	return func(string) any { return jose.JSONWebKeySet{Keys: keys} }
}

func TestIssuer_OtherAlgorithms_AreAccepted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	testkit.Must(t, err)
	impostor{honest, setOf(
		jose.JSONWebKey{Key: curve.Public(), KeyID: "curve", Algorithm: "ES256", Use: "sig"},
		jose.JSONWebKey{Key: w.private.Public(), KeyID: "pss"},
	)}.start(t, w)
	w.wantAccepted(t, signWith(t, "ES256", curve, w.claims(), changes{"kid": "curve"}))
	w.wantAccepted(t, signWith(t, "PS256", w.private, w.claims(), changes{"kid": "pss"}))
}

func TestIssuer_KeyForAnotherAlgorithm_VerifiesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	impostor{honest, setOf(jose.JSONWebKey{Key: w.private.Public(), KeyID: w.kid, Algorithm: "PS256"})}.start(t, w)
	a, err := w.jwt(t.Context(), w.sign(t, w.claims(), nil))
	wantRefused(t, a, err, fault.Unauthenticated)
}

func TestIssuer_UnusableAnswers_AreUnavailable(t *testing.T) {
	t.Parallel()
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	testkit.Must(t, err)
	good := func(w *world) crypto.PublicKey { return w.private.Public() }
	for name, pretend := range map[string]func(w *world) impostor{
		"keys are shared secrets": func(*world) impostor {
			return impostor{honest, setOf(jose.JSONWebKey{Key: []byte("secret"), KeyID: "k"})}
		},
		"keys are private": func(w *world) impostor {
			return impostor{honest, setOf(jose.JSONWebKey{Key: w.private, KeyID: w.kid})}
		},
		"keys are short": func(w *world) impostor {
			return impostor{honest, setOf(jose.JSONWebKey{Key: short.Public(), KeyID: w.kid})}
		},
		"keys are for encryption": func(w *world) impostor {
			return impostor{honest, setOf(jose.JSONWebKey{Key: good(w), KeyID: w.kid, Use: "enc"})}
		},
		"no keys": func(*world) impostor { return impostor{honest, setOf()} },
		"no JSON": func(*world) impostor { return impostor{honest, func(string) any { return "keys" }} },
		"16 MiB": func(*world) impostor {
			return impostor{honest, func(string) any { return map[string]string{"x": strings.Repeat("x", 16<<20)} }}
		},
		"calls itself another": func(w *world) impostor {
			return impostor{func(self string) any {
				return map[string]string{"issuer": "https://idp.example", "jwks_uri": self + "/jwks.json"}
			}, setOf(jose.JSONWebKey{Key: good(w), KeyID: w.kid})}
		},
		"keys in the clear elsewhere": func(*world) impostor {
			return impostor{func(self string) any {
				return map[string]string{"issuer": self, "jwks_uri": "http://192.0.2.1/jwks.json"}
			}, setOf()}
		},
		"keys have moved": func(w *world) impostor {
			return impostor{func(self string) any {
				return map[string]string{"issuer": self, "jwks_uri": self + "/moved"}
			}, setOf(jose.JSONWebKey{Key: good(w), KeyID: w.kid})}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, authn.Options{})
			pretend(w).start(t, w)
			a, err := w.jwt(t.Context(), w.sign(t, w.claims(), nil))
			wantRefused(t, a, err, fault.Unavailable)
		})
	}
}
