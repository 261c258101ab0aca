package authn

import (
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/provenanceone/data-api/internal/authz"
)

// claimed returns what a token that is refused says of itself, for the log: the server believes none of it.
func claimed(raw string) *authz.CredentialError {
	var header struct {
		KeyID string `json:"kid"`
	}
	var payload struct {
		Issuer   string   `json:"iss"`
		Audience audience `json:"aud"`
	}
	head, rest, _ := strings.Cut(raw, ".")
	body, _, _ := strings.Cut(rest, ".")
	decode(head, &header)
	decode(body, &payload)
	return &authz.CredentialError{
		KeyID:    header.KeyID,
		Issuer:   payload.Issuer,
		Audience: strings.Join(payload.Audience, ", "),
	}
}

// decode reads a part of a token as far as it can be read.
func decode(part string, into any) {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err == nil {
		_ = json.Unmarshal(text, into) // what cannot be read stays empty
	}
}

// audience is a text or a list of texts. Source: RFC 7519, section 4.1.3.
type audience []string

// UnmarshalJSON takes either, and leaves what is neither empty: an error would end the reading of all claims.
func (a *audience) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*a = audience{one}
		return nil
	}

	_ = json.Unmarshal(text, (*[]string)(a))
	return nil
}
