package authn

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
)

const (
	// maxJWT is in bytes.
	maxJWT = 16 << 10
	// leeway is for clocks of issuers that are ahead of ours.
	leeway = 60 * time.Second
)

var (
	errTooLong       = errors.New("it is longer than 16 KiB")
	errNoAccessToken = errors.New("it is not an access token")
)

// algorithms are those whose signatures count: all are asymmetric, so that no public key can pass for a secret.
var algorithms = []jose.SignatureAlgorithm{
	jose.RS256, jose.RS384, jose.RS512, jose.PS256, jose.PS384, jose.PS512, jose.ES256, jose.ES384,
	jose.ES512, jose.EdDSA,
}

// person is who a valid token names.
type person struct {
	subject string
	// email is empty unless the issuer has verified it.
	email   string
	expires time.Time
	// idToken is whether the token says who signed in, or is for something else than letting them in.
	idToken bool
}

// verify returns whom a JWT names.
//
// Errors: fault.Unauthenticated; fault.Unavailable if the issuer's keys are not to be had.
func (a *Authenticator) verify(ctx context.Context, raw string) (person, error) {
	if len(raw) > maxJWT {
		return person{}, refused("", errTooLong)
	}

	id, headerType, err := readHeader(raw)
	if err != nil {
		return person{}, refused(raw, err)
	}

	keys, err := a.issuer.keysFor(ctx, id)
	if err != nil {
		return person{}, err
	}

	signatures := signatures{issuer: a.issuer, keys: keys, id: id}
	token, err := oidc.NewVerifier(a.issuer.url, signatures, a.config()).Verify(ctx, raw)
	if err != nil {
		return person{}, refused(raw, err)
	}

	p, err := a.read(token, headerType)
	if err != nil {
		return person{}, refused(raw, err)
	}

	return p, nil
}

func (a *Authenticator) config() *oidc.Config {
	c := &oidc.Config{SkipClientIDCheck: true, SkipExpiryCheck: true} // read checks both, in that order
	for _, alg := range algorithms {
		c.SupportedSigningAlgs = append(c.SupportedSigningAlgs, string(alg))
	}

	return c
}

// refused returns the refusal of a token, with its cause and what the token says of itself for the log.
func refused(raw string, cause error) error {
	known := claimed(raw)
	known.Err = cause
	switch {
	case errors.Is(cause, errExpired):
		known.Expired = true
		return unauthenticated("The token has expired: sign in again.").Because(known)
	case errors.Is(cause, errNoAccessToken):
		return unauthenticated("This is not an access token: send the access token that the identity provider gave " +
			"beside it.").Because(known)
	case errors.Is(cause, errTooLong):
		return unauthenticated("The token is longer than 16 KiB.").Because(known)
	}

	return unauthenticated("The token is not valid for this API: its signature, issuer, audience, subject or times " +
		"do not fit.").Because(known)
}

// readHeader returns the id of the key that a token claims to be signed with, empty if it names none, and the type of
// the token.
//
// A token in compact form has three parts; one that brings its own key, or demands extensions, is refused.
func readHeader(raw string) (id, headerType string, err error) {
	text, err := firstOfThree(raw)
	if err != nil {
		return "", "", err
	}

	if err := checkMembers(text, "alg", "kid", "typ"); err != nil {
		return "", "", fmt.Errorf("header: %w", err)
	}

	var header map[string]any
	if err := json.Unmarshal(text, &header); err != nil {
		return "", "", errors.New("the header is no JSON object")
	}

	for _, name := range []string{"jku", "jwk", "x5u", "x5c", "crit", "b64", "zip"} {
		if _, has := header[name]; has {
			return "", "", fmt.Errorf("the header has %s", name)
		}
	}

	headerType, _ = header["typ"].(string)
	id, err = checkHeader(header)
	return id, headerType, err
}

// firstOfThree decodes all three parts of a token, so that it has one spelling, and returns the first.
//
// encoding/base64 skips line breaks; go-jose accepts them, and unused trailing bits that are not zero.
func firstOfThree(raw string) ([]byte, error) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 || slices.Contains(parts, "") || strings.ContainsAny(raw, "\r\n") {
		return nil, errors.New("it is not three parts")
	}

	var first []byte
	for i := len(parts) - 1; i >= 0; i-- {
		var err error
		if first, err = base64.RawURLEncoding.Strict().DecodeString(parts[i]); err != nil {
			return nil, fmt.Errorf("decoding part %d: %w", i+1, err)
		}
	}

	return first, nil
}

func checkHeader(header map[string]any) (id string, err error) {
	alg, _ := header["alg"].(string)
	if !slices.Contains(algorithms, jose.SignatureAlgorithm(alg)) {
		return "", errors.New("its algorithm is not among those allowed")
	}

	if typ, has := header["typ"]; has {
		text, _ := typ.(string)
		if !strings.EqualFold(text, "JWT") && !isAccessType(text) {
			return "", errors.New("its type is neither JWT nor at+jwt")
		}
	}

	named, has := header["kid"]
	if id, _ = named.(string); has && id == "" {
		return "", errors.New("the id of its key is empty or no text")
	}

	return id, nil
}

// isAccessType reports whether a header says that the token is an access token. Source: RFC 9068, section 2.1.
func isAccessType(headerType string) bool {
	return strings.EqualFold(headerType, "at+jwt") || strings.EqualFold(headerType, "application/at+jwt")
}
