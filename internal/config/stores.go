package config

import "errors"

// Stores are the settings that name the database, the buckets and Secret Manager.
type Stores struct {
	DatabaseURL string   `secret:"" placeholder:"URL" help:"The database as the app role, which owns nothing and is held by row-level security."`
	GCPProject  string   `placeholder:"ID" help:"The Google Cloud project of buckets and secrets."`
	Regions     []Region `sep:";" placeholder:"NAME=BUCKET,LOCATION" help:"A region that workspaces live in: its bucket and its Secret Manager location. Repeat for more; in the variable, separate by ';'."`

	Dev Emulators `embed:"" group:"Embedded backends, on loopback only:"`
}

// Check returns fault.Invalid naming every wrong setting, or nil.
func (s Stores) Check() error {
	errs := []error{CheckDatabaseURL("--database-url", s.DatabaseURL)}
	for _, setting := range []struct{ flag, value string }{
		{"--database-url", s.DatabaseURL}, {"--gcp-project", s.GCPProject},
	} {
		if setting.value == "" {
			errs = append(errs, bad(setting.flag, "is missing (or set %s)", variable(setting.flag)))
		}
	}

	if len(s.Regions) == 0 {
		errs = append(errs, bad("--regions", "is missing: name at least one (or set %s)", variable("--regions")))
	}

	return errors.Join(errs...)
}

// Locations are Secret Manager's locations by region.
func (s Stores) Locations() map[string]string {
	return byName(s.Regions, func(r Region) string { return r.Location })
}

// Buckets are the buckets by region.
func (s Stores) Buckets() map[string]string {
	return byName(s.Regions, func(r Region) string { return r.Bucket })
}
