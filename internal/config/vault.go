package config

import "errors"

// Vault is what a command is told that works on Secret Manager and the database alone.
type Vault struct {
	DatabaseURL string   `name:"database-url" env:"DATA_API_DATABASE_URL" placeholder:"URL" help:"The database as the app role."`
	GCPProject  string   `name:"gcp-project" env:"DATA_API_GCP_PROJECT" placeholder:"ID" help:"The Google Cloud project of the secrets."`
	Regions     []Region `name:"region" env:"DATA_API_REGIONS" sep:";" placeholder:"NAME=BUCKET,LOCATION" help:"The deployment's regions, as serve has them."`

	Dev VaultEmulator `embed:"" group:"Embedded backends, on loopback only:"`
}

// VaultEmulator is the endpoint of an embedded Secret Manager.
type VaultEmulator struct {
	SecretManagerEndpoint string `name:"secretmanager-endpoint" env:"DATA_API_SECRETMANAGER_ENDPOINT" placeholder:"HOST:PORT" help:"Secret Manager's stand-in."`
	BearerFile            string `name:"backend-bearer-file" env:"DATA_API_BACKEND_BEARER_FILE" placeholder:"FILE" help:"What the stand-in asks of its clients."`
}

// Check returns fault.Invalid for every setting that cannot or must not be, or nil.
func (v Vault) Check() error {
	var project, region error
	if v.GCPProject == "" {
		project = bad("--gcp-project", "is missing (or set %s)", variable("--gcp-project"))
	}
	if len(v.Regions) == 0 {
		region = bad("--region", "is missing: name at least one (or set DATA_API_REGIONS)")
	}
	if v.DatabaseURL == "" {
		return errors.Join(bad("--database-url", "is missing (or set %s)", variable("--database-url")), project, region)
	}
	return errors.Join(CheckDatabaseURL("--database-url", v.DatabaseURL), project, region)
}

// Locations are Secret Manager's locations by region.
func (v Vault) Locations() map[string]string {
	return byName(v.Regions, func(r Region) string { return r.Location })
}

// Bearer is what the embedded Secret Manager asks of its clients; empty without it.
func (e VaultEmulator) Bearer() (string, error) { return Emulators{BearerFile: e.BearerFile}.Bearer() }
