package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
)

// adapters are the three stores.
type adapters struct {
	db    *postgres.DB
	blobs *gcs.Store
	// vault has what was read before, in front of Secret Manager, which is behind.
	vault  *secret.Cache
	behind *secretmanager.Vault
	key    secret.ServerKey
}

func connect(ctx context.Context, s config.Serve, log *slog.Logger) (a adapters, err error) {
	if s.MigrateDatabaseURL != "" {
		if _, err := postgres.Migrate(ctx, s.MigrateDatabaseURL); err != nil {
			return a, fmt.Errorf("migrating: %w", err)
		}
	}

	if a.db, err = postgres.Open(s.DatabaseURL); err != nil {
		return a, err
	}

	a.db.Limits = postgres.Limits(s.Limits)
	if err := a.db.Ready(ctx); err != nil {
		return a, fmt.Errorf("checking the database: %w", err)
	}

	if err := a.db.Warm(ctx); err != nil {
		log.Warn("the database gives fewer connections than a server uses", "error", err)
	}

	if a.key, err = s.ServerKey(); err != nil {
		return a, err
	}

	bearer, err := s.Dev.Bearer()
	if err != nil {
		return a, err
	}

	if a.blobs, err = storage(ctx, s, bearer); err != nil {
		return a, err
	}

	a.behind, err = a.openVault(ctx, s, bearer)
	a.vault = secret.NewCache(a.behind)
	return a, err
}

// openVault opens Secret Manager as the deployment that the database belongs to.
func (a adapters) openVault(ctx context.Context, s config.Serve, bearer string) (*secretmanager.Vault, error) {
	instance, err := a.db.Instance(ctx)
	if err != nil {
		return nil, err
	}

	return secretmanager.New(ctx,
		secretmanager.Options{
			Project:   s.GCPProject,
			Locations: s.Locations(),
			Endpoint:  s.Dev.SecretManagerEndpoint,
			Bearer:    bearer,
			Instance:  instance,
		})
}

// storage signs URLs with the key of a file, or has IAM sign them.
func storage(ctx context.Context, s config.Serve, bearer string) (*gcs.Store, error) {
	o := gcs.Options{
		Buckets:  s.Buckets(),
		SignAs:   s.SigningServiceAccount,
		Endpoint: s.Dev.GCSEndpoint,
		Bearer:   bearer,
		Project:  s.GCPProject,
	}
	if s.SigningKeyFile != "" {
		var err error
		if o.Signer, err = gcs.LoadSigner(s.SigningKeyFile); err != nil {
			return nil, err
		}
	}

	return gcs.New(ctx, o)
}

func (a adapters) close() (err error) {
	if a.behind != nil {
		a.vault.Wipe()
		err = a.behind.Close()
	}

	if a.blobs != nil {
		err = errors.Join(err, a.blobs.Close())
	}

	if a.db != nil {
		err = errors.Join(err, a.db.Close())
	}

	return err
}
