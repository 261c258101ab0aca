package httpserver

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fair"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ratelimit"
)

// maxText is how many bytes are kept of a text that a caller has made up.
const maxText = 256

// authenticator admits requests and sockets that bear a good credential.
type authenticator struct {
	authenticate Authenticate
	failures     *failures
	keys         *goodKeys
	limiter      *checkLimiter
	proxies      *proxies
	origins      origins
	bodies       *bodyMemory
	rate         *ratelimit.Limiter
	// timeout bounds the check of one credential.
	timeout time.Duration
	log     *slog.Logger
}

// admit authenticates a request and puts the actor into its context.
func (g *authenticator) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d := g.connection(r)
		ctx, cancel := context.WithTimeout(r.Context(), g.timeout)
		defer cancel()
		actor, err := d.authenticate(ctx, r.Header, RequestID(ctx))
		if err != nil {
			refuseError(w, r, g.log, err)
			return
		}

		own, written := fair.Scope(authz.WithActor(context.WithValue(r.Context(), connectionKey{}, d), actor))
		defer written()
		if err := g.bodies.hold(own, r, actor); err != nil {
			refuseError(w, r, g.log, err)
			return
		}

		next.ServeHTTP(w, r.WithContext(own))
	})
}

// admitSocket opens a socket without a credential, which its first message then brings. It checks one in the headers at
// once.
func (g *authenticator) admitSocket(next http.Handler) http.Handler {
	admitted := g.admit(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if carriesCredential(r.Header) {
			admitted.ServeHTTP(w, r)
			return
		}

		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), connectionKey{}, g.connection(r))))
	})
}

func carriesCredential(h http.Header) bool {
	return h.Get("Authorization") != "" || h.Get("X-Api-Key") != ""
}

func asFault(err error) (*fault.Error, bool) {
	var f *fault.Error
	if errors.As(err, &f) {
		return f, true
	}

	return fault.New(fault.Internal, ""), false
}

// cleanText cuts a caller's text to maxText bytes and drops what could break a line of a log or a column of the
// database.
func cleanText(text string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}

		return r
	}, strings.ToValidUTF8(text[:min(len(text), maxText)], ""))
	return strings.TrimSpace(clean)
}
