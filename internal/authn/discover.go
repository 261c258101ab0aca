package authn

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"github.com/provenanceone/data-api/internal/doctor"
)

// Discover asks an issuer what it says of itself, as an Authenticator does when the first token comes.
//
// Source: OpenID Connect Discovery 1.0, section 4.
func Discover(ctx context.Context, issuer string) (doctor.Discovery, error) {
	client := newClient(nil)
	defer client.CloseIdleConnections()
	text, err := fetch(ctx, client, strings.TrimSuffix(issuer, "/")+"/.well-known/openid-configuration")
	if err != nil {
		return doctor.Discovery{}, fmt.Errorf("reading its discovery document: %w", err)
	}

	var said struct {
		Issuer  string `json:"issuer"`
		JWKSURL string `json:"jwks_uri"`
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return doctor.Discovery{}, errors.New("its discovery document is no JSON object")
	}

	is := doctor.Discovery{Issuer: said.Issuer}
	switch {
	case said.Issuer != issuer:
		return is, nil
	case !trustworthy(said.JWKSURL):
		return is, errors.New("its keys are neither behind https nor on loopback")
	}

	keys, err := fetchKeys(ctx, client, said.JWKSURL)
	if err != nil && !errors.Is(err, errNoKey) {
		return is, fmt.Errorf("fetching keys: %w", err)
	}

	for _, k := range keys {
		if k.Algorithm == "" || slices.Contains(algorithms, jose.SignatureAlgorithm(k.Algorithm)) {
			is.Keys++
		}
	}

	return is, nil
}
