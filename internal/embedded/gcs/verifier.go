package gcs

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const unsignedPayload = "UNSIGNED-PAYLOAD"

// verifier checks V4 signatures in queries.
//
// Source: Google Cloud Storage, "Canonical requests" and "Signatures".
type verifier struct {
	signers map[string]*rsa.PublicKey
	// managed returns the key that is kept for an account, if there is one; nil is none at all.
	managed func(account string) (*rsa.PrivateKey, error)
	now     func() time.Time
}

// verify checks that this very request was signed, by a known account, and that its time has not passed.
func (v verifier) verify(r *http.Request) error {
	c, err := claimOf(r.URL.RawQuery)
	if err != nil {
		return err
	}

	if err := c.inTime(v.now()); err != nil {
		return err
	}

	if err := c.covers(r); err != nil {
		return err
	}

	if sum := r.Header.Get("X-Goog-Content-Sha256"); sum != "" && sum != unsignedPayload {
		return errNotImplemented.about("x-goog-content-sha256", "The payload is "+unsignedPayload+".")
	}

	keys, err := v.keysOf(c.account)
	if err != nil {
		return err
	}

	if len(keys) == 0 {
		return errAccessDenied.because("The signing account is not known.")
	}

	return c.matches(keys, canonical(r, c))
}

// keysOf returns the key that an account has given out, and the one that is kept for it.
func (v verifier) keysOf(account string) (keys []*rsa.PublicKey, err error) {
	if key := v.signers[account]; key != nil {
		keys = append(keys, key)
	}

	if v.managed == nil {
		return keys, nil
	}

	kept, err := v.managed(account)
	if kept != nil {
		keys = append(keys, &kept.PublicKey)
	}

	return keys, err
}

// matches checks the signature over the canonical request: one of the keys has made it.
func (c *claim) matches(keys []*rsa.PublicKey, request string) error {
	signature, err := hex.DecodeString(c.signature)
	if err != nil {
		return errMalformedSecurity.about("X-Goog-Signature", "A signature is hexadecimal.")
	}

	hash := sha256.Sum256([]byte(request))
	signed := sha256.Sum256([]byte(strings.Join([]string{algorithm, c.stamp, c.scope,
		hex.EncodeToString(hash[:])}, "\n")))
	for _, key := range keys {
		if rsa.VerifyPKCS1v15(key, crypto.SHA256, signed[:], signature) == nil {
			return nil
		}
	}

	return errBadSignature
}

// canonical is the request in the one form that is signed: method, path, query, headers, their names, payload.
func canonical(r *http.Request, c claim) string {
	var b strings.Builder
	b.WriteString(r.Method + "\n" + escapePath(r.URL.Path) + "\n" + escapeSpaces(c.query.Encode()) + "\n")
	for _, name := range c.signed {
		b.WriteString(name + ":" + strings.Join(strings.Fields(headerValue(r, name)), " ") + "\n")
	}

	b.WriteString("\n" + strings.Join(c.signed, ";") + "\n" + unsignedPayload)
	return b.String()
}

// headerValue is a header that net/http may keep elsewhere. The host is signed without its port.
func headerValue(r *http.Request, name string) string {
	switch name {
	case "host":
		if host, _, err := net.SplitHostPort(r.Host); err == nil {
			return host
		}

		return r.Host
	case "content-length":
		return strconv.FormatInt(r.ContentLength, 10)
	}

	return r.Header.Get(name)
}

// escapePath escapes each segment of a plain path.
func escapePath(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		segments[i] = escapeSpaces(url.QueryEscape(segment))
	}

	return strings.Join(segments, "/")
}

func escapeSpaces(escaped string) string { return strings.ReplaceAll(escaped, "+", "%20") }
