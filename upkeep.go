package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/jobs"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/secretmanager"
	"github.com/provenanceone/data-api/internal/upload"
)

// upkeep does what must happen without anybody asking, until ctx ends.
func upkeep(ctx context.Context, a adapters, s config.Serve, log *slog.Logger) (err error) {
	if !s.Jobs {
		return nil
	}

	pool, err := postgres.OpenQueue(s.DatabaseURL)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, pool.Close()) }()
	vault := inventory{Vault: a.behind, cache: a.vault}
	once := idempotency.NewService(a.db, a.key)
	all := chores(
		secret.NewUpkeep(a.db, vault, secrets(a, s, once, log), time.Now),
		staging(a, s, uploads(a, s, once, log)),
		deletion.NewWorker(a.db, a.blobs, time.Now, log),
		object.NewReaper(a.db, a.blobs, log),
	)
	errands := []jobs.Errand{
		{
			Name:    "secrets:reconcile",
			Every:   time.Hour,
			Longest: 12 * time.Hour,
			Run:     secret.NewReconciler(a.db, vault, time.Now, log).Daily,
		},
		{
			Name:    "objects:reconcile",
			Every:   time.Hour,
			Longest: 12 * time.Hour,
			Run:     object.NewReconciler(a.db, a.blobs, time.Now, log).Daily,
		},
		{Name: "audit:partitions", Every: 24 * time.Hour, Longest: time.Minute, Run: a.db.Ready},
	}
	if err := jobs.Run(ctx, jobs.Options{Pool: pool, Log: log, Chores: all, Errands: errands}); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}

	return nil
}

// inventory is Secret Manager with the cache in front of it: what is destroyed there is forgotten here.
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

// uploads answers for uploads, whoever asks.
func uploads(a adapters, s config.Serve, once *idempotency.Service, log *slog.Logger) *upload.Service {
	return upload.NewService(a.db, a.blobs, object.NewReaper(a.db, a.blobs, log),
		upload.Options{Key: a.key, Once: once, MaxBytes: s.MaxUploadBytes, Now: time.Now, Log: log})
}

// staging is what happens to uploads without anybody asking.
func staging(a adapters, s config.Serve, by *upload.Service) *upload.Upkeep {
	return upload.NewUpkeep(a.db, a.blobs, by, s.RegionNames())
}

// secrets answers for secrets, whoever asks.
func secrets(a adapters, s config.Serve, once *idempotency.Service, log *slog.Logger) *secret.Service {
	return secret.NewService(a.db, a.vault, secret.Options{
		Key:       a.key,
		Once:      once,
		Log:       log,
		Retention: secret.Retention{Versions: s.RetainVersionsFor, Deleted: s.RestoreSecretsFor},
	})
}
