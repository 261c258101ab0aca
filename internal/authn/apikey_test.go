package authn_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
)

// withKeys knows one token, and counts the look-ups.
func withKeys(t *testing.T, token string, k *authn.Key, err error) (*world, *atomic.Int32) {
	t.Helper()
	var asked atomic.Int32
	want := sha256.Sum256([]byte(token))
	return newWorld(t, authn.Options{Keys: keys(func(_ context.Context, hash []byte) (authn.Key, bool, error) {
		asked.Add(1)
		if err != nil || !bytes.Equal(hash, want[:]) {
			return authn.Key{}, false, err
		}
		return *k, true, nil
	})}), &asked
}

func (w *world) key(t *testing.T, token string, more ...string) (authz.Actor, error) {
	t.Helper()
	return w.Authenticate(t.Context(), headers(append([]string{"X-API-Key", token}, more...)...),
		authz.Origin{IP: "192.0.2.1"})
}

func TestAPIKey_Valid_ActsInItsWorkspaceWithImpliedScopes(t *testing.T) {
	t.Parallel()
	token := authn.NewToken().Reveal()
	k := &authn.Key{
		ID:        "k1",
		Name:      "nightly export",
		Workspace: here,
		Region:    "eu",
		Scopes:    []authz.Scope{authz.SecretsRead},
	}
	w, _ := withKeys(t, token, k, nil)
	end := w.clock.now().Add(time.Second)
	k.ExpiresAt = &end
	want := authz.Actor{
		Who:       authz.Who{Kind: authz.APIKey, PrincipalID: "k1", Label: "key:nightly export"},
		Workspace: here,
		Region:    "eu",
		Scopes:    authz.Scopes{authz.SecretsList, authz.SecretsRead},
		ExpiresAt: end,
		From:      authz.Origin{IP: "192.0.2.1"},
	}
	for _, more := range [][]string{nil, {"X-Workspace-Id", string(here)}} {
		got, err := w.key(t, token, more...)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	}
}

func TestAPIKey_Misspelt_IsRefusedWithoutALookup(t *testing.T) {
	t.Parallel()
	token := authn.NewToken().Reveal()
	w, asked := withKeys(t, token, &authn.Key{Workspace: here}, nil)
	other := authn.NewToken().Reveal()
	for name, text := range map[string]string{
		"a character changed":       token[:20] + string(rune('A'+(token[20]-'A'+1)%26)) + token[21:],
		"two characters exchanged":  exchanged(token),
		"upper case":                strings.ToUpper(token),
		"lower case":                strings.ToLower(token),
		"a character short":         token[:len(token)-1],
		"a character more":          token + "0",
		"the checksum cut off":      token[:len(token)-6],
		"the mark cut off":          token[3:],
		"the mark in upper case":    "P1_" + token[3:],
		"another mark":              "p2_" + token[3:],
		"a checksum of another":     token[:46] + other[46:],
		"a space before":            " " + token,
		"a space after":             token + " ",
		"quoted":                    `"` + token + `"`,
		"two, with a comma":         token + ", " + other,
		"with Bearer":               "Bearer " + token,
		"NUL inside":                token[:20] + "\x00" + token[21:],
		"a full-width digit inside": token[:20] + "１" + token[23:],
		"its hash":                  hex.EncodeToString(authn.NewToken().Hash()),
		"in base64":                 base64.StdEncoding.EncodeToString([]byte(token)),
		"percent-encoded":           "p1%5F" + token[3:],
		"SQL":                       "' OR 1=1 --",
		"a JWT":                     w.sign(t, w.claims(), nil),
		"a mebibyte":                strings.Repeat("p1_", 1<<18),
	} {
		a, err := w.key(t, text)
		if err == nil {
			t.Errorf("%s: accepted", name)
		}
		wantRefused(t, a, err, fault.Unauthenticated, text, token)
	}
	if asked.Load() != 0 {
		t.Errorf("the store was asked %d times", asked.Load())
	}
}

// exchanged swaps the first two neighbours that differ.
func exchanged(token string) string {
	for i := 3; ; i++ {
		if token[i] != token[i+1] {
			return token[:i] + token[i+1:i+2] + token[i:i+1] + token[i+2:]
		}
	}
}

func TestAPIKey_NotGood_IsRefused(t *testing.T) {
	t.Parallel()
	past, future := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, row := range map[string]struct {
		key    authn.Key
		header []string
		want   fault.Kind
	}{
		"expired this moment": {authn.Key{Workspace: here, ExpiresAt: &past}, nil, fault.Unauthenticated},
		"revoked": {authn.Key{
			Workspace: here,
			RevokedAt: &past,
			ExpiresAt: &future,
		}, nil, fault.Unauthenticated},
		"revoked by another clock": {authn.Key{Workspace: here, RevokedAt: &future}, nil, fault.Unauthenticated},
		"workspace of another": {authn.Key{Workspace: here}, []string{"X-Workspace-Id", string(there)},
			fault.Forbidden},
		"malformed workspace": {authn.Key{Workspace: here}, []string{"X-Workspace-Id", "here"}, fault.Forbidden},
		"empty workspace":     {authn.Key{Workspace: here}, []string{"X-Workspace-Id", ""}, fault.Forbidden},
		"workspace in upper case": {authn.Key{Workspace: here},
			[]string{"X-Workspace-Id", strings.ToUpper(string(here))}, fault.Forbidden},
		"its own workspace, twice": {authn.Key{Workspace: here},
			[]string{"X-Workspace-Id", string(here), "X-Workspace-Id", string(here)}, fault.Forbidden},
		"revoked and foreign": {authn.Key{Workspace: here, RevokedAt: &past},
			[]string{"X-Workspace-Id", string(there)}, fault.Unauthenticated},
		"expired, and its own said": {authn.Key{Workspace: here, ExpiresAt: &past},
			[]string{"X-Workspace-Id", string(here)}, fault.Unauthenticated},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token := authn.NewToken().Reveal()
			w, _ := withKeys(t, token, &row.key, nil)
			a, err := w.key(t, token, row.header...)
			wantRefused(t, a, err, row.want, token)
		})
	}
}

func TestAPIKey_Unknown_IsRefused(t *testing.T) {
	t.Parallel()
	w, asked := withKeys(t, authn.NewToken().Reveal(), &authn.Key{Workspace: here}, nil)
	other := authn.NewToken().Reveal()
	a, err := w.key(t, other)
	if wantRefused(t, a, err, fault.Unauthenticated, other); asked.Load() != 1 {
		t.Errorf("the store was asked %d times", asked.Load())
	}
}

func TestAPIKey_RevokedBetweenTwoRequests_IsRefusedInTheSecond(t *testing.T) {
	t.Parallel()
	token, k := authn.NewToken().Reveal(), &authn.Key{Workspace: here}
	w, _ := withKeys(t, token, k, nil)
	if _, err := w.key(t, token); err != nil {
		t.Fatal(err)
	}
	now := w.clock.now()
	k.RevokedAt = &now
	a, err := w.key(t, token)
	wantRefused(t, a, err, fault.Unauthenticated)
}

func TestAPIKey_DatabaseDown_IsUnavailable(t *testing.T) {
	t.Parallel()
	down := errors.New("connection refused")
	token := authn.NewToken().Reveal()
	w, _ := withKeys(t, token, nil, down)
	a, err := w.key(t, token)
	if wantRefused(t, a, err, fault.Unavailable, token); !errors.Is(err, down) {
		t.Errorf("%v hides its cause", err)
	}
}

func TestAPIKey_WhileTheIssuerIsDown_Works(t *testing.T) {
	t.Parallel()
	token := authn.NewToken().Reveal()
	w, _ := withKeys(t, token, &authn.Key{Workspace: here}, nil)
	testkit.Must(t, w.issuer.Close())
	if _, err := w.key(t, token); err != nil {
		t.Error(err)
	}
}

// refusals keeps who was refused for their network.
type refusals struct {
	actors []authz.Actor
	down   error
}

func (r *refusals) RecordNetwork(_ context.Context, key authz.Actor) error {
	r.actors = append(r.actors, key)
	return r.down
}

func TestAPIKey_FromAForbiddenNetwork_IsRefusedOnRecord(t *testing.T) {
	t.Parallel()
	k := authn.Key{ID: "k1", Name: "nightly", Workspace: here, AllowedNetworks: []string{"10.0.0.0/8"}}
	denials := &refusals{}
	w := newWorld(t, authn.Options{
		Denials: denials,
		Keys:    keys(func(context.Context, []byte) (authn.Key, bool, error) { return k, true, nil }),
	})
	a, err := w.key(t, authn.NewToken().Reveal())
	wantRefused(t, a, err, fault.Forbidden)
	known := (*authz.CredentialError)(nil)
	if !errors.As(err, &known) || known.Who.PrincipalID != "k1" {
		t.Errorf("the log does not learn whose key it is: %v", err)
	}
	if len(denials.actors) != 1 || denials.actors[0].Workspace != here || denials.actors[0].PrincipalID != "k1" ||
		denials.actors[0].From.IP != "192.0.2.1" {
		t.Errorf("on record: %+v", denials.actors)
	}
	denials.down = errors.New("connection refused")
	a, err = w.key(t, authn.NewToken().Reveal())
	wantRefused(t, a, err, fault.Unavailable)
}

func TestAPIKey_KnownAndRefused_NamesItForTheLog(t *testing.T) {
	t.Parallel()
	past := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, k := range map[string]authn.Key{
		"revoked": {ID: "k1", RevokedAt: &past},
		"expired": {ID: "k1", ExpiresAt: &past},
	} {
		w := newWorld(t, authn.Options{Keys: keys(func(context.Context, []byte) (authn.Key, bool, error) {
			return k,
				true, nil
		})})
		_, err := w.key(t, authn.NewToken().Reveal())
		known := (*authz.CredentialError)(nil)
		if !errors.As(err, &known) || known.Who.PrincipalID != "k1" || known.Expired != (name == "expired") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestJWT_Expired_IsKnownToHaveBeenGood(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	token, forged := w.sign(t, w.claims(), nil), w.sign(t, w.claims(), nil)
	for _, past := range []time.Duration{300 * time.Second, time.Second} {
		w.clock.pass(past)
		known := (*authz.CredentialError)(nil)
		if _, err := w.jwt(t.Context(), token); !errors.As(err, &known) || !known.Expired {
			t.Errorf("%v", err)
		}
	}
	known := (*authz.CredentialError)(nil)
	if _, err := w.jwt(t.Context(), respelt(forged)[:len(forged)-2]+"AA"); !errors.As(err, &known) ||
		known.Expired {
		t.Errorf("a forged token passes for one that has expired: %v", err)
	}
}
