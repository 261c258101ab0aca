package doctor

import (
	"context"
	"fmt"
	"strings"
)

// Discovery is what an issuer says of itself.
type Discovery struct {
	// Issuer is its name in its discovery document.
	Issuer string
	// Keys counts those that can verify a token here. It is not known of an issuer of another name.
	Keys int
}

// Issuer checks that an OpenID Connect issuer answers, is called what the setting says, and has keys.
func Issuer(setting string, discover func(context.Context) (Discovery, error)) Check {
	const name = "issuer"
	document := "curl -fsS " + quote(strings.TrimSuffix(setting, "/")+"/.well-known/openid-configuration")
	return func(ctx context.Context) []Finding {
		is, err := discover(ctx)
		switch {
		case err != nil:
			return []Finding{fault(name, "The issuer does not answer as an OpenID Connect issuer does: nobody can "+
				"sign in.", document).because(err)}
		case is.Issuer != setting:
			return []Finding{fault(name, fmt.Sprintf("The issuer calls itself %q, and the setting %q: they must be "+
				"the same to the letter.", is.Issuer, setting), "export DATA_API_OIDC_ISSUER="+quote(is.Issuer))}
		case is.Keys == 0:
			return []Finding{fault(name, "The issuer has no key of an algorithm that is accepted (RS256 to RS512, "+
				"PS256 to PS512, ES256 to ES512, EdDSA): no token can be verified.", document)}
		}

		return []Finding{ok(name)}
	}
}

// quote makes a text one word of a shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
