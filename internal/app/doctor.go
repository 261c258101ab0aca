package app

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/doctor"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/httpserver"
	"github.com/provenanceone/data-api/internal/metrics"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
)

// Examination says how to examine what a server depends on.
type Examination struct {
	// Apply is whether to set the rules of buckets that are not as they should be.
	Apply bool
	// ReadOnly leaves out what makes an object or a secret, be it for a moment.
	ReadOnly bool
	// Now is the clock that others are compared with; nil is the machine's.
	Now func() time.Time
}

// Examine checks all that a server with these settings depends on, each for itself: what cannot be opened is a finding,
// and keeps the rest from nothing. The settings have passed their own check.
//
// Errors: those of closing what was opened.
func Examine(ctx context.Context, s config.Serve, e Examination) ([]doctor.Finding, error) {
	if e.Now == nil {
		e.Now = time.Now
	}

	o := &Stores{}
	failed := o.openEach(ctx, s)
	found := doctor.Examine(ctx, append(o.checks(s, e), failed...))
	return found, o.Close()
}

// Look examines once what this server depends on, without making anything there: each start of each server would leave
// its trace. It logs what is not well, and keeps all for Findings.
func (a *App) Look(ctx context.Context) {
	found := doctor.Examine(ctx, a.checks(a.settings, Examination{ReadOnly: true, Now: time.Now}))
	if ctx.Err() != nil {
		return // the server stops: what failed says nothing
	}

	for _, f := range found {
		if f.Status != doctor.OK {
			a.log.Warn("something that this server depends on is not right", "check", f.Check, "status", f.Status,
				"says", f.Says, "cause", f.Cause, "mend", f.Mend)
		}
	}

	a.found.Store(&found)
}

// Findings are what was found at the start, for anybody to read; none before that.
func (a *App) Findings() (all []httpserver.Finding) {
	found := a.found.Load()
	if found == nil {
		return nil
	}

	for _, f := range *found {
		all = append(all, httpserver.Finding{Check: f.Check, Status: string(f.Status)})
	}

	return all
}

// openEach opens the stores, whatever becomes of the others, and returns a check for each that cannot be opened.
func (o *Stores) openEach(ctx context.Context, s config.Serve) (failed []doctor.Check) {
	fail := func(name, says string, err error, mend string) {
		if err != nil {
			failed = append(failed, doctor.Failed(name, says, err, mend))
		}
	}

	var err error
	o.DB, err = postgres.Open(s.DatabaseURL)
	fail("database", "The database URL cannot be used.", err, `psql "$DATA_API_DATABASE_URL" -c 'SELECT 1'`)

	bearer, err := s.Dev.Bearer()
	fail("embedded backends", "What they ask of their clients cannot be read.", err, "data-api backends")

	signing := Signing{KeyFile: s.SigningKeyFile, Account: s.SigningServiceAccount}
	if s.SigningKeyFile != "" {
		if _, err := gcs.LoadSigner(s.SigningKeyFile); err != nil {
			fail("signing key", "The key that signs URLs cannot be used.", err, "gcloud iam service-accounts keys "+
				`create signer.json --iam-account="${SIGNER:?set it to the email of the account that signs}"`)
			signing = Signing{}
		}
	}

	const noCredentials = "Google's clients cannot be made: there may be no default credentials."
	const signIn = "gcloud auth application-default login"
	o.Blobs, err = openBuckets(ctx, s.Stores, signing, bearer, metrics.New())
	fail("storage", noCredentials, err, signIn)

	o.secretManager, err = secretmanager.New(ctx, secretmanager.Options{
		Project:   s.GCPProject,
		Locations: s.Locations(),
		Endpoint:  s.Dev.SecretManagerEndpoint,
		Bearer:    bearer,
	})
	o.Vault = secret.NewCache(o.secretManager)
	fail("Secret Manager", noCredentials, err, signIn)
	return failed
}

// checks are those of all that is open.
func (o *Stores) checks(s config.Serve, e Examination) []doctor.Check {
	all := []doctor.Check{
		doctor.Issuer(s.OIDCIssuer, func(ctx context.Context) (doctor.Discovery, error) {
			return authn.Discover(ctx, s.OIDCIssuer)
		}),
		doctor.ServerKey("server key", s.ServerKeyFile, s.ServerKey),
	}
	if s.OtherServerKeyFile != "" {
		all = append(all, doctor.ServerKey("other server key", s.OtherServerKeyFile, s.OtherServerKey))
	}

	if o.DB != nil {
		db := postgres.Examined{DB: o.DB}
		all = append(all, doctor.Sessions(db), doctor.Role(db), doctor.RowSecurity(db), doctor.Partitions(db),
			doctor.DatabaseClock(db, e.Now))
	}

	if s.MigrateDatabaseURL != "" {
		all = append(all, doctor.Migrations(func(ctx context.Context) (current, latest int64, err error) {
			return postgres.Version(ctx, s.MigrateDatabaseURL)
		}))
	}

	if o.secretManager != nil && !e.ReadOnly {
		for _, region := range o.secretManager.Regions() {
			all = append(all, doctor.Secrets(o.secretManager, placeOf(s, region)))
		}
	}

	if o.Blobs != nil {
		all = append(all, o.bucketChecks(s, e)...)
	}

	return all
}

func (o *Stores) bucketChecks(s config.Serve, e Examination) (all []doctor.Check) {
	for _, region := range s.RegionNames() {
		at := placeOf(s, region)
		all = append(all, doctor.Rules(o.Blobs, at, s.AllowedOrigins, e.Apply), doctor.Permissions(o.Blobs, at))
		if o.Blobs.Signs() && !e.ReadOnly {
			all = append(all, doctor.Journey(o.Blobs, at, e.Now))
		}
	}

	return all
}

func placeOf(s config.Serve, region string) doctor.Place {
	return doctor.Place{
		Region:   region,
		Bucket:   s.Buckets()[region],
		Location: s.Locations()[region],
		Project:  s.GCPProject,
	}
}
