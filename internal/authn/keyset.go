package authn

import (
	"context"
	"errors"
	"slices"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

// keySet has the keys of an issuer.
type keySet []jose.JSONWebKey

// has reports whether the set has the key that a token names.
func (s keySet) has(id string) bool { return len(s.named(id)) > 0 }

// named returns the keys that a token may be signed with, by the id that it names. It may name none where the issuer
// has but one key.
//
// Source: OpenID Connect Core 1.0, section 10.1.
func (s keySet) named(id string) keySet {
	if id == "" && len(s) != 1 {
		return nil
	}

	return slices.DeleteFunc(slices.Clone(s), func(k jose.JSONWebKey) bool { return id != "" && k.KeyID != id })
}

// verify returns the payload of a token that the key it names has signed, by that key's algorithm.
func (s keySet) verify(jws *jose.JSONWebSignature) ([]byte, error) {
	header := jws.Signatures[0].Protected
	for _, k := range s.named(header.KeyID) {
		if k.Algorithm != "" && k.Algorithm != header.Algorithm {
			continue
		}

		if payload, err := jws.Verify(k); err == nil {
			return payload, nil
		}
	}

	return nil, errors.New("no key of the issuer has signed it")
}

// signatures verifies a token with the keys that an issuer had when it came, and once more with those that it has now:
// some issuers put a new key under the id of the one before.
type signatures struct {
	issuer *issuer
	keys   keySet
	// id is of the key that the token names; empty for none.
	id string
}

var _ oidc.KeySet = signatures{}

// VerifySignature returns the payload of a token that a key of the issuer has signed.
func (s signatures) VerifySignature(ctx context.Context, raw string) ([]byte, error) {
	jws, err := jose.ParseSignedCompact(raw, algorithms)
	if err != nil {
		return nil, err
	}

	payload, err := s.keys.verify(jws)
	if err == nil || !s.keys.has(s.id) {
		return payload, err
	}

	select {
	case <-s.issuer.refresh(ctx):
	case <-ctx.Done():
		return nil, err
	}

	now, _, _ := s.issuer.state()
	return now.verify(jws)
}
