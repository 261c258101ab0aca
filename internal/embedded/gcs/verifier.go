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
	key := v.signers[c.account]
	if key == nil {
		return errAccessDenied.because("The signing account is not known.")
	}
	return c.matches(key, canonical(r, c))
}

// matches checks the signature over the canonical request.
func (c *claim) matches(key *rsa.PublicKey, request string) error {
	signature, err := hex.DecodeString(c.signature)
	if err != nil {
		return errMalformedSecurity.about("X-Goog-Signature", "A signature is hexadecimal.")
	}
	hash := sha256.Sum256([]byte(request))
	signed := sha256.Sum256([]byte(strings.Join([]string{algorithm, c.stamp, c.scope, hex.EncodeToString(hash[:])}, "\n")))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, signed[:], signature) != nil {
		return errBadSignature
	}
	return nil
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
