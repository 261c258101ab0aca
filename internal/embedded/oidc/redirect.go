package oidc

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
)

// loopback is an origin of this machine; the port is what varies.
const loopback = `^http://(?:127\.0\.0\.1|localhost|\[::1\])`

var (
	// callbackForm is where programs that listen for an answer take it, at any port. Source: RFC 8252, section 7.3.
	callbackForm = regexp.MustCompile(loopback + `:([1-9][0-9]{0,4})/callback$`)
	// originForm is the origin of a page of this machine, which the server of `dev` takes requests from as well.
	originForm = regexp.MustCompile(loopback + `(?::([1-9][0-9]{0,4}))?$`)
)

// AllowPages lets sign-ins return to these pages, by their exact addresses, in place of those given before.
func (i *Issuer) AllowPages(addresses ...string) { i.pages.Store(&addresses) }

// mayReturnTo reports whether an answer may go to an address: the callback of a program on this machine, or a known
// page.
func (i *Issuer) mayReturnTo(address string) bool {
	if pages := i.pages.Load(); pages != nil && slices.Contains(*pages, address) {
		return true
	}

	return matchesWithPort(callbackForm, address)
}

// isLocalPage reports whether an Origin header is that of a page of this machine.
func isLocalPage(origin string) bool { return matchesWithPort(originForm, origin) }

func matchesWithPort(form *regexp.Regexp, text string) bool {
	found := form.FindStringSubmatch(text)
	if found == nil {
		return false
	}

	_, err := strconv.ParseUint(found[1], 10, 16)
	return err == nil || found[1] == ""
}

// sendBack answers a request at the address that it named, which mayReturnTo has allowed.
//
// Source: RFC 6749, sections 4.1.2 and 4.1.2.1; RFC 9207, section 2.
func (i *Issuer) sendBack(w http.ResponseWriter, r *http.Request, redirect, state string, answer url.Values) {
	answer.Set("iss", i.url)
	if state != "" {
		answer.Set("state", state)
	}

	//nolint:gosec // an address that mayReturnTo has allowed
	http.Redirect(w, r, redirect+"?"+answer.Encode(), http.StatusSeeOther)
}
