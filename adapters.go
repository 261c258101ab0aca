package main

import (
	"context"
	"errors"
	"fmt"

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
	vault *secretmanager.Vault
	key   secret.ServerKey
}

func connect(ctx context.Context, s config.Serve) (a adapters, err error) {
	if s.MigrateDatabaseURL != "" {
		if _, err := postgres.Migrate(ctx, s.MigrateDatabaseURL); err != nil {
			return a, fmt.Errorf("migrating: %w", err)
		}
	}
	if a.db, err = postgres.Open(s.DatabaseURL); err != nil {
		return a, err
	}
	if err := a.db.Ready(ctx); err != nil {
		return a, fmt.Errorf("checking the database: %w", err)
	}
	signer, err := gcs.LoadSigner(s.SigningKeyFile)
	if err != nil {
		return a, err
	}
	if a.key, err = s.ServerKey(); err != nil {
		return a, err
	}
	bearer, err := s.Dev.Bearer()
	if err != nil {
		return a, err
	}
	a.blobs, err = gcs.New(ctx, gcs.Options{Buckets: s.Buckets(), Signer: signer, Endpoint: s.Dev.GCSEndpoint, Bearer: bearer, Project: s.GCPProject})
	if err != nil {
		return a, err
	}
	a.vault, err = a.openVault(ctx, s, bearer)
	return a, err
}

// openVault opens Secret Manager as the deployment that the database belongs to.
func (a adapters) openVault(ctx context.Context, s config.Serve, bearer string) (*secretmanager.Vault, error) {
	instance, _, _, err := a.db.Instance(ctx)
	if err != nil {
		return nil, err
	}
	return secretmanager.New(ctx, secretmanager.Options{Project: s.GCPProject, Locations: s.Locations(), Endpoint: s.Dev.SecretManagerEndpoint, Bearer: bearer,
		Instance: instance})
}

func (a adapters) close() (err error) {
	if a.vault != nil {
		err = a.vault.Close()
	}
	if a.blobs != nil {
		err = errors.Join(err, a.blobs.Close())
	}
	if a.db != nil {
		err = errors.Join(err, a.db.Close())
	}
	return err
}
