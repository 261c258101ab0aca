package config

import "errors"

// Stores has the settings of commands that use the database, the buckets and Secret Manager, and serve nothing.
type Stores struct {
	DatabaseURL string   `name:"database-url" env:"DATA_API_DATABASE_URL" placeholder:"URL" help:"The database as the app role."`
	GCPProject  string   `name:"gcp-project" env:"DATA_API_GCP_PROJECT" placeholder:"ID" help:"The Google Cloud project of buckets and secrets."`
	Regions     []Region `name:"region" env:"DATA_API_REGIONS" sep:";" placeholder:"NAME=BUCKET,LOCATION" help:"The deployment's regions, as serve has them."`

	Dev Emulators `embed:"" group:"Embedded backends, on loopback only:"`
}

// Check returns fault.Invalid for every setting that cannot or must not be, or nil.
func (s Stores) Check() error {
	var project, region error
	if s.GCPProject == "" {
		project = bad("--gcp-project", "is missing (or set %s)", variable("--gcp-project"))
	}

	if len(s.Regions) == 0 {
		region = bad("--region", "is missing: name at least one (or set DATA_API_REGIONS)")
	}

	if s.DatabaseURL == "" {
		return errors.Join(bad("--database-url", "is missing (or set %s)", variable("--database-url")), project, region)
	}

	return errors.Join(CheckDatabaseURL("--database-url", s.DatabaseURL), project, region)
}

// Locations are Secret Manager's locations by region.
func (s Stores) Locations() map[string]string {
	return byName(s.Regions, func(r Region) string { return r.Location })
}

// Buckets are the buckets by region.
func (s Stores) Buckets() map[string]string {
	return byName(s.Regions, func(r Region) string { return r.Bucket })
}
