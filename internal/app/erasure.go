package app

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/erasure"
	"github.com/provenanceone/data-api/internal/postgres"
)

// Deleter deletes workspaces from the stores. say is told of its steps.
func (o *Stores) Deleter(owner *postgres.Owner, s config.Stores, say func(format string, args ...any)) erasure.Deleter {
	return erasure.Deleter{
		Database: owner,
		Blobs:    o.Blobs,
		Vault:    o.secretManager,
		Buckets:  s.Buckets(),
		Wait:     wait,
		Say:      say,
	}
}

func wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}

	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
