package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/jobs"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
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
	service := secret.NewService(a.db, a.vault, a.key, idempotency.NewService(a.db, a.key), time.Now)
	chores := jobs.Secrets(secret.NewUpkeep(a.db, a.vault, service, time.Now, log))
	errands := []jobs.Errand{
		{Name: "secrets:reconcile", Every: time.Hour, Longest: 12 * time.Hour, Run: secret.NewReconciler(a.db, a.vault, time.Now, log).Daily},
		{Name: "audit:partitions", Every: 24 * time.Hour, Longest: time.Minute, Run: a.db.Ready},
	}
	if err := jobs.Run(ctx, jobs.Options{Pool: pool, Log: log, Chores: chores, Errands: errands}); err != nil {
		return fmt.Errorf("jobs: %w", err)
	}
	return nil
}
