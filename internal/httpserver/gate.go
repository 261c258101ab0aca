package httpserver

import (
	"errors"
	"log/slog"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// maxUserAgent is how many bytes of a User-Agent are kept.
const maxUserAgent = 256

// gate lets in who has a credential.
type gate struct {
	authenticate Authenticate
	failures     *failures
	proxies      proxies
	log          *slog.Logger
}

// admit authenticates a request and puts the actor into its context. An address with too many failures is refused before its credential
// is looked at, be it valid or not: what is spared is the looking. Requests without any credential do not count.
func (g *gate) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		address := g.proxies.caller(r)
		if wait := g.failures.wait(address); wait > 0 {
			seconds := int(math.Ceil(wait.Seconds()))
			w.Header().Set("Retry-After", strconv.Itoa(seconds))
			refuse(w, r, http.StatusTooManyRequests, fault.New(fault.RateLimited,
				"Too many bad credentials came from this address. Try again in %d seconds.", seconds).With("retryAfterSeconds", seconds))
			return
		}
		from := authz.Origin{RequestID: RequestID(r.Context()), UserAgent: cleanUserAgent(r.UserAgent())}
		if address.IsValid() {
			from.IP = address.String()
		}
		actor, err := g.authenticate(r.Context(), r.Header, from)
		if err != nil {
			g.refuse(w, r, address, err)
			return
		}
		entryFrom(r.Context()).actor = actor.Who
		next.ServeHTTP(w, r.WithContext(authz.WithActor(r.Context(), actor)))
	})
}

func (g *gate) refuse(w http.ResponseWriter, r *http.Request, address netip.Addr, err error) {
	tried := r.Header.Get("Authorization") != "" || r.Header.Get("X-Api-Key") != ""
	if tried && fault.Is(err, fault.Unauthenticated) {
		g.failures.add(address)
	}
	refuseError(w, r, g.log, err)
}

func asFault(err error) (*fault.Error, bool) {
	var f *fault.Error
	if errors.As(err, &f) {
		return f, true
	}
	return fault.New(fault.Internal, ""), false
}

// cleanUserAgent cuts a User-Agent to maxUserAgent bytes and drops what could break a line of a log or a column of the database.
func cleanUserAgent(text string) string {
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text[:min(len(text), maxUserAgent)], ""))
	return strings.TrimSpace(clean)
}
