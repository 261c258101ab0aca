package authn

import (
	"net/http"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// credential is what a request carries, unchecked.
type credential struct {
	text  string
	isKey bool
}

// credentialOf returns the one credential of a request.
//
// Errors: fault.Unauthenticated, with what to send instead.
func credentialOf(h http.Header) (credential, error) {
	bearers, keys := h.Values("Authorization"), h.Values("X-API-Key")
	switch {
	case len(bearers)+len(keys) == 0:
		return credential{}, unauthenticated("Send a credential: a JWT as `Authorization: Bearer …`, or an API key " +
			"as `X-API-Key: …`.")
	case len(bearers) > 0 && len(keys) > 0:
		return credential{}, unauthenticated("Send one credential: either Authorization or X-API-Key, not both.")
	case len(bearers) > 1:
		return credential{}, unauthenticated("Send the Authorization header once.")
	case len(keys) > 1:
		return credential{}, unauthenticated("Send the X-API-Key header once.")
	case len(keys) == 1 && keys[0] == "":
		return credential{}, unauthenticated("The X-API-Key header is empty.")
	case len(keys) == 1:
		return credential{text: keys[0], isKey: true}, nil
	}

	return bearerOf(bearers[0])
}

func bearerOf(header string) (credential, error) {
	scheme, token, _ := strings.Cut(header, " ")
	switch {
	case header == "":
		return credential{}, unauthenticated("The Authorization header is empty.")
	case !strings.EqualFold(scheme, "Bearer"):
		return credential{}, unauthenticated("The Authorization header takes the scheme Bearer and a JWT; an API key " +
			"goes into X-API-Key.")
	case token == "":
		return credential{}, unauthenticated("The Authorization header has no token after Bearer.")
	case strings.HasPrefix(token, tokenMark):
		return credential{}, unauthenticated("An API key goes into the X-API-Key header, not into Authorization.")
	}

	return credential{text: token}, nil
}

func unauthenticated(sentence string) *fault.Error {
	return fault.New(fault.Unauthenticated, "%s", sentence)
}
