package httpserver

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// origins are those of pages, beside the server's own, that may use this server: SCHEME://HOST or SCHEME://HOST:PORT,
// in lower case; the port `*` stands for any.
type origins []string

// page returns the origin of the page that sends a request; empty if a program sends it, or a page that may not use
// this server.
func (o origins) page(r *http.Request) string {
	if sent := r.Header.Values("Origin"); len(sent) == 1 && o.allow(r, sent[0]) {
		return sent[0]
	}

	return ""
}

// allow reports whether an origin is in the list, or the server's own: the host and port that the request was sent to,
// by https wherever callers use that.
//
// Source: RFC 6454, section 6; RFC 6455, section 10.2.
func (o origins) allow(r *http.Request, origin string) bool {
	if slices.ContainsFunc(o, func(listed string) bool { return covers(listed, origin) }) {
		return true
	}

	u, err := url.Parse(origin)
	if err != nil || u.Scheme != "https" && (u.Scheme != "http" || byHTTPS(r)) {
		return false
	}

	own := strings.EqualFold(withoutPort(u.Host, u.Scheme), withoutPort(r.Host, u.Scheme))
	return own && u.Host != "" && origin == u.Scheme+"://"+u.Host
}

// covers reports whether a listed origin stands for this one.
func covers(listed, origin string) bool {
	anyPort, ok := strings.CutSuffix(listed, ":*")
	if !ok {
		return listed == origin
	}

	rest, ok := strings.CutPrefix(origin, anyPort)
	port, numbered := strings.CutPrefix(rest, ":")
	return ok && (rest == "" || numbered && port != "" && strings.Trim(port, "0123456789") == "")
}

// withoutPort drops the port that a scheme means anyway.
func withoutPort(host, scheme string) string {
	return strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[scheme])
}

// fromPages refuses pages of origins that are not allowed. It passes requests without an Origin header: programs send
// none.
//
// Browsers open a socket to any site that a page names, without a preflight: they only say whose page it is.
func fromPages(allowed origins, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.Header.Values("Origin")) > 0 && allowed.page(r) == "" {
			refuse(w, r, http.StatusForbidden,
				fault.New(fault.Forbidden, "Pages of this origin may not open a socket here."))
			return
		}

		next.ServeHTTP(w, r)
	})
}

// upgrading passes requests for a WebSocket to one handler, and all others to another. It ignores upgrades to other
// protocols, as RFC 9110, section 7.8, allows.
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
