package config

import (
	"errors"
	"net/url"
	"slices"
	"strings"
)

// consumerTenant is Entra ID's tenant of personal accounts.
const consumerTenant = "9188040d-6c67-4c5b-b112-36a304b66dad"

// Identity says which tokens of the issuer count, where issuers differ.
type Identity struct {
	OtherAudiences     []string `name:"oidc-other-audiences" placeholder:"NAME" help:"What a token may be for besides --oidc-audience: a token for any other third party is refused, because that party could replay it."`
	Clients            []string `name:"oidc-clients" placeholder:"NAME" help:"The clients whose tokens are accepted, by azp or client_id; by default that is not looked at. Amazon Cognito needs it."`
	SignInClient       string   `placeholder:"NAME" help:"The issuer's public client by which people sign in, at the command line and in the playground; without it neither offers that here."`
	EmailVerifiedClaim string   `name:"oidc-email-verified-claim" placeholder:"NAME" help:"The claim that says whether a person's email address was verified, by default email_verified; for Entra ID xms_edov."`
	TrustEmail         bool     `name:"oidc-trust-email" help:"Take every email address of the issuer for verified, unless a token says that it is not. Only for an issuer of one organisation, whose members cannot choose their address."`
}

func (i Identity) check(issuer, audience string) error {
	var errs []error
	if slices.Contains(i.OtherAudiences, "") {
		errs = append(errs, bad("--oidc-other-audiences", "has an empty name"))
	}

	if slices.Contains(i.OtherAudiences, audience) && audience != "" {
		errs = append(errs, bad("--oidc-other-audiences", "must not have %q: that is --oidc-audience", audience))
	}

	if slices.Contains(i.Clients, "") {
		errs = append(errs, bad("--oidc-clients", "has an empty name"))
	}

	if i.SignInClient != "" && len(i.Clients) > 0 && !slices.Contains(i.Clients, i.SignInClient) {
		errs = append(errs, bad("--sign-in-client", "is not among --oidc-clients: its tokens would be refused"))
	}

	switch {
	case i.EmailVerifiedClaim != "" && i.TrustEmail:
		errs = append(errs, bad("--oidc-trust-email", "and --oidc-email-verified-claim exclude each other: trust all "+
			"addresses of the issuer, or those that the claim says are verified"))
	case i.TrustEmail && isOpenToAll(issuer):
		errs = append(errs, bad("--oidc-trust-email", "must not be set for %s: its users belong to many "+
			"organisations and can choose their address, so that anybody could take up an invitation", issuer))
	}

	return errors.Join(errs...)
}

// isOpenToAll reports whether an issuer signs in people of any organisation, or of none: Google, and the endpoints of
// Entra ID that are not one organisation's. Source: Microsoft, "Endpoints of the identity platform".
func isOpenToAll(issuer string) bool {
	u, err := url.Parse(issuer)
	if err != nil {
		return true
	}

	first, _, _ := strings.Cut(strings.TrimLeft(u.Path, "/"), "/")
	google := []string{"accounts.google.com", "securetoken.google.com"}
	return slices.Contains(google, strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")) ||
		slices.Contains([]string{"common", "organizations", "consumers", consumerTenant}, strings.ToLower(first))
}
