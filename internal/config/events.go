package config

import "errors"

// Events say whose notifications of storage count. Without audience and account none are taken.
type Events struct {
	Audience       string `name:"events-audience" placeholder:"NAME" help:"The audience of the tokens that Pub/Sub pushes storage's notifications with, to /events/storage."`
	ServiceAccount string `name:"events-service-account" placeholder:"EMAIL" help:"The service account whose tokens those are."`
	Issuer         string `name:"events-issuer" default:"https://accounts.google.com" placeholder:"URL" help:"Who issues them (${default})."`
}

// On reports whether notifications are taken.
func (e Events) On() bool { return e.Audience != "" && e.ServiceAccount != "" }

// check takes all or nothing: half of it would take no notification and say nothing of it. api is the audience of this
// API's own tokens.
func (e Events) check(api string) error {
	if e.Audience == "" && e.ServiceAccount == "" {
		return nil
	}

	var errs []error
	switch {
	case e.Audience == "":
		errs = append(errs, bad("--events-audience", "is missing: --events-service-account needs it (or set %s)",
			variable("--events-audience")))
	case e.ServiceAccount == "":
		errs = append(errs, bad("--events-service-account", "is missing: --events-audience needs it (or set %s)",
			variable("--events-service-account")))
	case e.Audience == api:
		errs = append(errs, bad("--events-audience", "must not be --oidc-audience: a token for the one would do for "+
			"the other"))
	}

	if e.ServiceAccount != "" && !accountForm.MatchString(e.ServiceAccount) {
		errs = append(errs, bad("--events-service-account", "is no email of a service account: %q", e.ServiceAccount))
	}

	if e.Issuer == "" {
		errs = append(errs, bad("--events-issuer", "is missing (or set %s)", variable("--events-issuer")))
	}

	return errors.Join(append(errs, isSafeIssuer("--events-issuer", e.Issuer))...)
}
