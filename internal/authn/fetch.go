package authn

import (
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"

	"github.com/go-jose/go-jose/v4"
)

const (
	// maxDocument bounds what an issuer may answer, in bytes.
	maxDocument = 1 << 20
	// minRSA is in bits.
	minRSA = 2048
)

// trustworthy reports whether nobody on the way can change what a URL answers: https, or http on loopback.
func trustworthy(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return false
	}

	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// newClient returns a client that follows no redirect and reads no endless answer.
func newClient(t http.RoundTripper) *http.Client {
	if t == nil {
		t = http.DefaultTransport
		if standard, ok := t.(*http.Transport); ok {
			t = standard.Clone()
		}
	}

	return &http.Client{
		Transport:     bounded{t},
		Timeout:       fetchLimit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type bounded struct{ http.RoundTripper }

func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		res.Body = http.MaxBytesReader(nil, res.Body, maxDocument)
	}

	return res, err
}

// CloseIdleConnections lets http.Client reach the transport below.
func (b bounded) CloseIdleConnections() {
	if c, ok := b.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// fetchKeys returns the keys of a JWK set that can verify a signature; a set without any is errNoKey.
func fetchKeys(ctx context.Context, client *http.Client, url string) (keySet, error) {
	text, err := fetch(ctx, client, url)
	if err != nil {
		return nil, err
	}

	return parseKeys(text)
}

// fetch returns a document of an issuer.
func fetch(ctx context.Context, client *http.Client, url string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, err
	}

	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}

	text, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil {
		return nil, err
	}

	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("status %s", res.Status)
	}

	return text, nil
}

var errNoKey = errors.New("no key of the set is usable")

// parseKeys leaves out keys that it does not understand, as RFC 7517, section 5, asks.
func parseKeys(text []byte) (keySet, error) {
	var raw struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, err
	}

	var keys keySet
	for _, member := range raw.Keys {
		var k jose.JSONWebKey
		if json.Unmarshal(member, &k) == nil && usable(k) {
			keys = append(keys, k)
		}
	}

	if len(keys) == 0 {
		return nil, errNoKey
	}

	return keys, nil
}

// usable refuses shared secrets, private keys, keys for encryption, and short ones.
func usable(k jose.JSONWebKey) bool {
	if public, isRSA := k.Key.(*rsa.PublicKey); isRSA && public.N.BitLen() < minRSA {
		return false
	}

	return k.Valid() && k.IsPublic() && (k.Use == "" || k.Use == "sig")
}
