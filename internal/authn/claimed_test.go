package authn_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
)

func TestRefusal_OfAToken_SaysWhyAndWhatTheTokenSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	valid := w.sign(t, w.claims(), nil)
	part := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	for name, c := range map[string]struct {
		token, cause, kid, issuer, audience string
	}{
		"another audience": {w.sign(t, with(w.claims(), changes{"aud": []string{audience, "account"}}), nil),
			"another audience too", w.kid, w.url, audience + ", account"},
		"another issuer": {w.sign(t, with(w.claims(), changes{"iss": "https://idp.example"}), nil),
			"different provider", w.kid, "https://idp.example", audience},
		"an unknown key": {w.sign(t, w.claims(), changes{"kid": "other"}), "no key of the issuer", "other", w.url, audience},
		"expired":        {w.sign(t, with(w.claims(), changes{"exp": 1}), nil), "expired", w.kid, w.url, audience},
		"an ID token": {w.sign(t, with(w.claims(), changes{"nonce": "n"}), nil), "not an access token", w.kid, w.url,
			audience},
		"too long":        {valid + strings.Repeat("x", 16<<10), "16 KiB", "", "", ""},
		"no token":        {"password", "three parts", "", "", ""},
		"no JSON":         {part("kid") + "." + part("[]") + ".AA", "header", "", "", ""},
		"audience is odd": {w.sign(t, with(w.claims(), changes{"aud": 7}), nil), "idToken.aud", w.kid, w.url, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := w.jwt(t.Context(), c.token)
			known := (*authz.CredentialError)(nil)
			if !errors.As(err, &known) || known.Err == nil {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(known.Err.Error(), c.cause) || known.KeyID != c.kid || known.Issuer != c.issuer ||
				known.Audience != c.audience {
				t.Errorf("got %+v, %v", known, known.Err)
			}
		})
	}
}
