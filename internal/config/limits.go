package config

import "errors"

// Limits are how many of a kind a workspace may have; 0 is no limit.
type Limits struct {
	Secrets          int `name:"max-secrets" default:"10000" help:"Secrets of a workspace, those that can be restored included (${default})."`
	SecretVersions   int `name:"max-secret-versions" default:"10000" help:"Versions of a secret whose values are kept (${default})."`
	APIKeys          int `name:"max-api-keys" default:"1000" help:"API keys of a workspace that can be used (${default})."`
	RunningDeletions int `name:"max-running-deletions" default:"100" help:"Deletions under way in a workspace (${default})."`
	OpenLeases       int `name:"max-open-leases" default:"20000" help:"Leases of a workspace that have not ended (${default})."`
}

func (l Limits) check() error {
	var errs []error
	for _, limit := range []struct {
		flag string
		n    int
	}{
		{"--max-secrets", l.Secrets}, {"--max-secret-versions", l.SecretVersions},
		{"--max-api-keys", l.APIKeys}, {"--max-running-deletions", l.RunningDeletions},
		{"--max-open-leases", l.OpenLeases},
	} {
		if limit.n < 0 || limit.n > mostRows {
			errs = append(errs, bad(limit.flag, "must be 0, for no limit, to %d", mostRows))
		}
	}

	return errors.Join(errs...)
}

// mostRows is what can be counted within a request.
const mostRows = 1_000_000
