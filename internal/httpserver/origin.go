package httpserver

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// fromPages refuses pages of origins that are not allowed. Programs send no Origin header, and pass.
//
// Browsers open a socket to any site that a page names, without asking there first: they only say whose page it is.
func fromPages(allowed []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origins := r.Header.Values("Origin")
		if len(origins) > 1 || len(origins) == 1 && !originAllowed(r, origins[0], allowed) {
			refuse(w, r, http.StatusForbidden, fault.New(fault.Forbidden, "Pages of this origin may not open a socket here."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// originAllowed reports whether an origin is in the list, or the server's own: the host and port that the request was
// sent to, by https wherever callers use that.
//
// Source: RFC 6454, section 6; RFC 6455, section 10.2.
func originAllowed(r *http.Request, origin string, allowed []string) bool {
	if slices.Contains(allowed, origin) {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "https" && (u.Scheme != "http" || byHTTPS(r)) {
		return false
	}
	return u.Host != "" && origin == u.Scheme+"://"+u.Host && strings.EqualFold(withoutPort(u.Host, u.Scheme), withoutPort(r.Host, u.Scheme))
}

// withoutPort drops the port that a scheme means anyway.
func withoutPort(host, scheme string) string {
	return strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[scheme])
}

// upgrading hands who asks for a WebSocket to one handler, and everybody else to another. Other protocols to change to are passed over, as
// RFC 9110, section 7.8, allows.
func upgrading(socket, other http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet && r.ProtoMajor == 1 && strings.EqualFold(r.Header.Get("Upgrade"), "websocket") {
			socket.ServeHTTP(w, r)
			return
		}
		r.Header.Del("Upgrade")
		other.ServeHTTP(w, r)
	})
}
