package oidc

import (
	"crypto/rand"
	"crypto/subtle"
	"io"
	"net/http"
	"slices"
)

// demoTokenPath is where pages ask for a demo user's token.
const demoTokenPath = "/demo-token"

// maxDemoKey is how many bytes of a key are read.
const maxDemoKey = 64

// demo is a token for pages of some origins whose user has the key.
type demo struct {
	origins []string
	key     string
	mint    func() (string, error)
}

// DemoTokenURL is where pages get what OfferDemoToken offers: by POST, with the key as the body.
func (i *Issuer) DemoTokenURL() string { return i.url + demoTokenPath }

// OfferDemoToken lets pages of the given origins, and no others, ask for what mint returns, with the key that it
// returns. It replaces an offer made before.
func (i *Issuer) OfferDemoToken(origins []string, mint func() (string, error)) (key string) {
	key = rand.Text()
	i.demo.Store(&demo{origins, key, mint})
	return key
}

// demoToken answers a page. The key keeps out other users of this machine, the origin, which every browser names with a
// POST, other pages, and the Host names that were bound to this address.
func (i *Issuer) demoToken(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Origin")

	offer, origin := i.demo.Load(), r.Header.Get("Origin")
	key, err := io.ReadAll(io.LimitReader(r.Body, maxDemoKey))
	if err != nil || offer == nil || "http://"+r.Host != i.url || !slices.Contains(offer.origins, origin) ||
		subtle.ConstantTimeCompare(key, []byte(offer.key)) == 0 {
		answer(w, http.StatusForbidden, map[string]string{"error": "access_denied"})
		return
	}

	token, err := offer.mint()
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]string{"error": "server_error"})
		return
	}

	w.Header().Set("Access-Control-Allow-Origin", origin)
	answer(w, http.StatusOK, map[string]string{"token": token})
}
