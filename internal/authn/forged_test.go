package authn_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
)

type changes = map[string]any

func TestJWT_WrongClaims_AreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	now := w.clock.now().Unix()
	for name, change := range map[string]changes{
		"another issuer":               {"iss": "https://idp.example"},
		"issuer with a slash":          {"iss": w.url + "/"},
		"no issuer":                    {"iss": nil},
		"issuer is a list":             {"iss": []string{w.url}},
		"another audience":             {"aud": "other-api"},
		"no audience":                  {"aud": nil},
		"empty audience":               {"aud": []string{}},
		"audience in upper case":       {"aud": "DATA-API"},
		"audience and a suffix":        {"aud": "data-api.example"},
		"two audiences":                {"aud": []string{audience, "other-api"}},
		"expired a second ago":         {"exp": now - 1},
		"expiring now":                 {"exp": now},
		"no expiry":                    {"exp": nil},
		"expiry is null":               {"exp": json.RawMessage("null")},
		"expiry is text":               {"exp": "tomorrow"},
		"expiry is beyond all numbers": {"exp": math.MaxFloat64},
		"expiry is a number in text":   {"exp": fmt.Sprint(now + 300)},
		"issued is a number in text":   {"iat": fmt.Sprint(now)},
		"not before, in text":          {"nbf": fmt.Sprint(now)},
		"not before in the future":     {"nbf": now + 61},
		"not before is text":           {"nbf": "yesterday"},
		"issued in the future":         {"iat": now + 61},
		"no subject":                   {"sub": nil},
		"empty subject":                {"sub": ""},
		"subject is a number":          {"sub": 1},
		"subject with NUL":             {"sub": "ada\x00"},
		"subject with a line break":    {"sub": "ada\n"},
		"subject in Cyrillic":          {"sub": "аda"},
		"subject of 256":               {"sub": strings.Repeat("a", 256)},
		"subject in another case":      {"SUB": "root"},
		"audience in another case too": {"Aud": audience},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token := w.sign(t, with(w.claims(), change), nil)
			a, err := w.jwt(t.Context(), token)
			wantRefused(t, a, err, fault.Unauthenticated, strings.Split(token, ".")...)
		})
	}
}

func TestJWT_WrongHeader_IsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	for name, change := range map[string]changes{
		"unknown kid":          {"kid": "unknown"},
		"kid is a path":        {"kid": "../../dev/null"},
		"kid is a number":      {"kid": 1},
		"jku":                  {"jku": "https://evil.example/jwks.json"},
		"x5u":                  {"x5u": "https://evil.example/cert.pem"},
		"its own key":          {"jwk": map[string]string{"kty": "oct", "k": "AA"}},
		"its own certificate":  {"x5c": []string{"AA"}},
		"critical extension":   {"crit": []string{"exp"}, "exp": 1},
		"unencoded payload":    {"b64": false},
		"compressed":           {"zip": "DEF"},
		"type of another sort": {"typ": "logout+jwt"},
		"type is a number":     {"typ": 1},
		"type is empty":        {"typ": ""},
		"says HS256":           {"alg": "HS256"},
		"says none":            {"alg": "none"},
		"says PS256":           {"alg": "PS256"},
		"says ES256":           {"alg": "ES256"},
		"algorithm missing":    {"alg": nil},
		"algorithm twice":      {"ALG": "none"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token := w.sign(t, w.claims(), change)
			a, err := w.jwt(t.Context(), token)
			wantRefused(t, a, err, fault.Unauthenticated, strings.Split(token, ".")...)
		})
	}
}

// forgeries are tokens that nobody should believe, made without the issuer's private key or by damage to a real one.
func forgeries(t *testing.T, w *world) map[string]string {
	t.Helper()
	kid := changes{"kid": w.kid}
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	testkit.Must(t, err)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	testkit.Must(t, err)
	der, err := x509.MarshalPKIXPublicKey(w.private.Public())
	testkit.Must(t, err)
	public := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})
	valid := w.sign(t, w.claims(), nil)
	p := strings.Split(valid, ".")
	root := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(decoded(t, p[1]), `"ada"`, `"root"`, 1)))
	none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","kid":"` + w.kid + `"}`))
	twice := base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"root",` + decoded(t, p[1])[1:]))
	return map[string]string{
		"signed with another key":         signWith(t, "RS256", other, w.claims(), kid),
		"signed on a curve":               signWith(t, "ES256", curve, w.claims(), kid),
		"HS256 with the public key (PEM)": signWith(t, "HS256", public, w.claims(), kid),
		"HS256 with the public key (DER)": signWith(t, "HS256", der, w.claims(), kid),
		"HS256 with the modulus":          signWith(t, "HS256", w.private.N.Bytes(), w.claims(), kid),
		"HS512 with nothing":              signWith(t, "HS512", []byte{}, w.claims(), kid),
		"none, unsigned":                  signWith(t, "none", nil, w.claims(), kid),
		"none, with the old signature":    none + "." + p[1] + "." + p[2],
		"signature stripped":              p[0] + "." + p[1] + ".",
		"signature and dot stripped":      p[0] + "." + p[1],
		"signature of another token": p[0] + "." + p[1] + "." +
			strings.Split(w.sign(t, with(w.claims(), changes{"sub": "eve"}), nil), ".")[2],
		"payload exchanged":         p[0] + "." + root + "." + p[2],
		"payload with two subjects": signRaw(t, w, p[0]+"."+twice),
		"header exchanged": base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":"`+
			w.kid+`","x":1}`)) + "." + p[1] + "." + p[2],
		"cut in the signature":               valid[:len(valid)-10],
		"cut in the payload":                 valid[:len(p[0])+10],
		"a segment more":                     valid + ".AA",
		"two segments more (encrypted form)": valid + ".AA.AA",
		"a dot more":                         valid + ".",
		"a dot before":                       "." + valid,
		"padded":                             valid + "==",
		"a line break inside":                p[0] + ".\n" + p[1] + "." + p[2],
		"a line break after":                 valid + "\n",
		"another spelling of the signature":  respelt(valid),
		"a space after":                      valid + " ",
		"a comma and another":                valid + "," + valid,
		"full-width dots":                    strings.Join(p, "．"),
		"a letter with an accent":            "é" + valid[1:],
		"zero-width space":                   p[0] + "\u200b." + p[1] + "." + p[2],
		"standard alphabet": p[0] + "." + p[1] + "." + strings.NewReplacer("-", "+", "_", "/").
			Replace(p[2]) + "+",
		"JSON form": `{"payload":"` + p[1] + `","signatures":[{"protected":"` + p[0] +
			`","signature":"` + p[2] + `"}]}`,
		"no JSON in the header": base64.RawURLEncoding.EncodeToString([]byte("alg")) + "." +
			p[1] + "." + p[2],
		"header is a list": base64.RawURLEncoding.EncodeToString([]byte("[]")) + "." +
			p[1] + "." + p[2],
		"no JSON in the payload": signRaw(t, w, p[0]+"."+
			base64.RawURLEncoding.EncodeToString([]byte("ada"))),
		"payload is null": signRaw(t, w, p[0]+"."+
			base64.RawURLEncoding.EncodeToString([]byte("null"))),
		"three dots": "...",
		"a word":     "password",
		"16 KiB and more": w.sign(t,
			with(w.claims(), changes{"x": strings.Repeat("x", 16<<10)}), nil),
	}
}

// respelt changes bits of the last character that stand for nothing.
func respelt(token string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	last := len(token) - 1
	return token[:last] + string(alphabet[strings.IndexByte(alphabet, token[last])^1])
}

func decoded(t *testing.T, segment string) string {
	t.Helper()
	text, err := base64.RawURLEncoding.DecodeString(segment)
	testkit.Must(t, err)
	return string(text)
}

// signRaw signs header and payload whatever they are.
func signRaw(t *testing.T, w *world, text string) string {
	t.Helper()
	return text + "." + base64.RawURLEncoding.EncodeToString(signature(t, "RS256", w.private, text))
}

func TestJWT_Forged_IsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	for name, token := range forgeries(t, w) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := w.jwt(t.Context(), token)
			wantRefused(t, a, err, fault.Unauthenticated, strings.Split(token, ".")...)
		})
	}
}

// TestJWT_WhatIsAllowed_IsAccepted is the other half of the tables above: that they fail for their one reason.
func TestJWT_WhatIsAllowed_IsAccepted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{OtherAudiences: []string{"userinfo"}})
	now := w.clock.now().Unix()
	for name, token := range map[string]string{
		"as it comes":             w.sign(t, w.claims(), nil),
		"type JWT":                w.sign(t, w.claims(), changes{"typ": "jwt"}),
		"type at+jwt":             w.sign(t, w.claims(), changes{"typ": "at+jwt"}),
		"type application/at+jwt": w.sign(t, w.claims(), changes{"typ": "application/at+jwt"}),
		"no type":                 w.sign(t, w.claims(), changes{"typ": nil}),
		"no kid, of one key":      w.sign(t, w.claims(), changes{"kid": nil}),
		"a clock 60 s ahead":      w.sign(t, with(w.claims(), changes{"iat": now + 60, "nbf": now + 60}), nil),
		"no times but the expiry": w.sign(t, with(w.claims(), changes{"iat": nil, "nbf": nil}), nil),
		"expiry in a second":      w.sign(t, with(w.claims(), changes{"exp": now + 1}), nil),
		"audience in a list":      w.sign(t, with(w.claims(), changes{"aud": []string{audience}}), nil),
		"audience and one that may be": w.sign(t,
			with(w.claims(), changes{"aud": []string{"userinfo", audience}}), nil),
		"other claims": w.sign(t,
			with(w.claims(), changes{"azp": "x", "nested": changes{"SUB": "x"}}), nil),
		"nearly 16 KiB": w.sign(t, with(w.claims(), changes{"x": strings.Repeat("x", 11<<10)}), nil),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if a, err := w.jwt(t.Context(), token); err != nil || a.Subject != "ada" || a.Workspace != here {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

// TestJWT_TokensThatAreNoAccessTokens_AreRefused has what an issuer signs for the same audience where that is a
// client's id.
func TestJWT_TokensThatAreNoAccessTokens_AreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	for name, change := range map[string]changes{
		"an ID token beside an access token": {"at_hash": "MTIzNDU2Nzg5MDEyMzQ1Ng"},
		"an ID token beside a code":          {"c_hash": "MTIzNDU2Nzg5MDEyMzQ1Ng"},
		"an ID token of a sign-in":           {"nonce": "n-0S6_WzA2Mj"},
		"Keycloak's ID token":                {"typ": "ID"},
		"Keycloak's refresh token":           {"typ": "Refresh"},
		"Keycloak's offline token":           {"typ": "Offline"},
		"Keycloak's logout token":            {"typ": "Logout"},
		"Cognito's ID token":                 {"token_use": "id"},
		"a nonce that is empty":              {"nonce": ""},
		"a type that is no text":             {"typ": 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			token := w.sign(t, with(w.claims(), change), nil)
			a, err := w.jwt(t.Context(), token)
			wantRefused(t, a, err, fault.Unauthenticated, strings.Split(token, ".")...)
		})
	}
}
