package authn_test

import (
	"crypto/rand"
	"crypto/rsa"
	"sync/atomic"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestIssuer_NewKeyUnderTheSameID_IsFetchedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	testkit.Must(t, err)
	var now atomic.Value
	now.Store(jose.JSONWebKey{Key: w.private.Public(), KeyID: "main"})
	var fetches atomic.Int32
	impostor{honest, func(string) any {
		fetches.Add(1)
		return jose.JSONWebKeySet{Keys: []jose.JSONWebKey{now.Load().(jose.JSONWebKey)}}
	}}.start(t, w)
	before := w.sign(t, w.claims(), changes{"kid": "main"})
	w.wantAccepted(t, before)
	now.Store(jose.JSONWebKey{Key: other.Public(), KeyID: "main"})
	for range 3 {
		w.wantAccepted(t, signWith(t, "RS256", other, w.claims(), changes{"kid": "main"}))
	}
	a, err := w.jwt(t.Context(), before)
	wantRefused(t, a, err, fault.Unauthenticated)
	if n := fetches.Load(); n != 2 {
		t.Errorf("%d fetches", n)
	}
}

func TestIssuer_TokenWithoutKeyID_IsTakenWhereThereIsOneKey(t *testing.T) {
	t.Parallel()
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	testkit.Must(t, err)
	first := func(w *world, id string) jose.JSONWebKey { return jose.JSONWebKey{Key: w.private.Public(), KeyID: id} }
	second := jose.JSONWebKey{Key: other.Public(), KeyID: "second"}
	for name, c := range map[string]struct {
		set  func(w *world) []jose.JSONWebKey
		kid  any
		good bool
	}{
		"one key":            {func(w *world) []jose.JSONWebKey { return []jose.JSONWebKey{first(w, "main")} }, nil, true},
		"one without an id":  {func(w *world) []jose.JSONWebKey { return []jose.JSONWebKey{first(w, "")} }, nil, true},
		"an id that is none": {func(w *world) []jose.JSONWebKey { return []jose.JSONWebKey{first(w, "")} }, "main", false},
		"another key for encryption": {func(w *world) []jose.JSONWebKey {
			return []jose.JSONWebKey{first(w, "main"), {Key: other.Public(), KeyID: "second", Use: "enc"}}
		}, nil, true},
		"two keys": {func(w *world) []jose.JSONWebKey { return []jose.JSONWebKey{first(w, "main"), second} }, nil, false},
		"two keys, one without an id": {func(w *world) []jose.JSONWebKey {
			return []jose.JSONWebKey{first(w, ""), second}
		}, nil, false},
		"an empty id": {func(w *world) []jose.JSONWebKey { return []jose.JSONWebKey{first(w, "main")} }, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, authn.Options{})
			impostor{honest, setOf(c.set(w)...)}.start(t, w)
			a, err := w.jwt(t.Context(), w.sign(t, w.claims(), changes{"kid": c.kid}))
			if c.good {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantRefused(t, a, err, fault.Unauthenticated)
		})
	}
}
