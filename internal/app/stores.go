package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/metrics"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
)

// Stores are where everything is kept: the database, the buckets and Secret Manager.
type Stores struct {
	DB    *postgres.DB
	Blobs *gcs.Store
	// Vault caches values already read from Secret Manager. What is destroyed through it is forgotten.
	Vault *secret.Cache
	// Metrics count what becomes of all calls; those of New if nil.
	Metrics *metrics.Metrics

	secretManager *secretmanager.Vault
}

// Signing says how URLs of the buckets are signed: by a key, or by IAM in the name of an account. With neither, no URL
// can be signed.
type Signing struct{ KeyFile, Account string }

// OpenStores opens the three stores, and checks that the database is migrated and that its role can do no more than it
// must. Close the stores even after an error.
//
// Errors: fault.Invalid and fault.Unavailable; those of reading files.
func OpenStores(ctx context.Context, s config.Stores, by Signing) (o *Stores, err error) {
	o = &Stores{Metrics: metrics.New()}
	if o.DB, err = postgres.Open(s.DatabaseURL); err != nil {
		return o, err
	}

	if err := o.DB.Check(ctx); err != nil {
		return o, fmt.Errorf("checking the database: %w", postgres.ForOperator(err))
	}

	if err := o.DB.Ready(ctx); err != nil {
		return o, fmt.Errorf("checking the database: %w", err)
	}

	bearer, err := s.Dev.Bearer()
	if err != nil {
		return o, err
	}

	if o.Blobs, err = openBuckets(ctx, s, by, bearer, o.Metrics); err != nil {
		return o, err
	}

	o.secretManager, err = openSecretManager(ctx, s, o.DB, bearer, o.Metrics)
	o.Vault = secret.NewCache(o.secretManager)
	return o, err
}

func openBuckets(
	ctx context.Context, s config.Stores, by Signing, bearer string, m *metrics.Metrics,
) (*gcs.Store, error) {
	options := gcs.Options{
		Buckets:  s.Buckets(),
		Signer:   gcs.NoSigner(),
		Endpoint: s.Dev.GCSEndpoint,
		Bearer:   bearer,
		Project:  s.GCPProject,
		Observe:  m.Call,
	}
	switch {
	case by.Account != "":
		options.Signer, options.SignAs = nil, by.Account
	case by.KeyFile != "":
		var err error
		if options.Signer, err = gcs.LoadSigner(by.KeyFile); err != nil {
			return nil, err
		}
	}

	return gcs.New(ctx, options)
}

// openSecretManager opens Secret Manager as the deployment that the database belongs to.
func openSecretManager(
	ctx context.Context, s config.Stores, db *postgres.DB, bearer string, m *metrics.Metrics,
) (*secretmanager.Vault, error) {
	instance, err := db.Instance(ctx)
	if err != nil {
		return nil, err
	}

	return secretmanager.New(ctx, secretmanager.Options{
		Project:   s.GCPProject,
		Locations: s.Locations(),
		Endpoint:  s.Dev.SecretManagerEndpoint,
		Bearer:    bearer,
		Instance:  instance,
		Observe: func(method, outcome string, took time.Duration) {
			m.Call("secretmanager", method, outcome, took)
		},
	})
}

// LogOutages has the log say when a store is away and when it is back.
func (o *Stores) LogOutages(log *slog.Logger) {
	o.DB.LogOutages(log)
	o.Blobs.LogOutages(log)
	o.secretManager.LogOutages(log)
}

// Close ends all connections and wipes the values that are cached.
func (o *Stores) Close() (err error) {
	if o.secretManager != nil {
		o.Vault.Wipe()
		err = o.secretManager.Close()
	}

	if o.Blobs != nil {
		err = errors.Join(err, o.Blobs.Close())
	}

	if o.DB != nil {
		err = errors.Join(err, o.DB.Close())
	}

	return err
}

// Secrets compares Secret Manager with the database.
func (o *Stores) Secrets(log *slog.Logger) *secret.Reconciler {
	return secret.NewReconciler(o.DB.Secrets(), o.inventory(), now, log)
}

// Objects compares the buckets with the database.
func (o *Stores) Objects(log *slog.Logger) *object.Reconciler {
	return object.NewReconciler(o.DB.Objects(), o.Blobs, now, log)
}

func (o *Stores) inventory() inventory { return inventory{Vault: o.secretManager, cache: o.Vault} }

// inventory lists what Secret Manager holds, and destroys it through the cache.
type inventory struct {
	*secretmanager.Vault
	cache *secret.Cache
}

// Destroy implements secret.Vault.
func (i inventory) Destroy(ctx context.Context, p secret.Place, n secret.Number) error {
	return i.cache.Destroy(ctx, p, n)
}

// Delete implements secret.Vault.
func (i inventory) Delete(ctx context.Context, p secret.Place) error { return i.cache.Delete(ctx, p) }

// now is the clock of all services. The database keeps microseconds: with no more than those, what a call answers is
// what the next one reads.
func now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }
