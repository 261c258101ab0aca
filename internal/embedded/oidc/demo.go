package oidc

import (
	"net/http"
	"slices"
)

// demoTokenPath is where pages ask for a demo user's token.
const demoTokenPath = "/demo-token"

// demo is a token that pages of some origins may have for the asking.
type demo struct {
	origins []string
	mint    func() (string, error)
}

// DemoTokenURL is where pages get what OfferDemoToken offers, by POST.
func (i *Issuer) DemoTokenURL() string { return i.url + demoTokenPath }

// OfferDemoToken lets pages of the given origins, and no others, ask for what mint returns. It replaces an offer made before.
func (i *Issuer) OfferDemoToken(origins []string, mint func() (string, error)) {
	i.demo.Store(&demo{origins, mint})
}

// demoToken answers a page. Every browser names the page's origin with a POST; the Host keeps out names that were bound to this address.
func (i *Issuer) demoToken(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Vary", "Origin")

	offer, origin := i.demo.Load(), r.Header.Get("Origin")
	if offer == nil || "http://"+r.Host != i.url || !slices.Contains(offer.origins, origin) {
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
