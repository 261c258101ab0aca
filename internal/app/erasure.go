package app

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/erasure"
	"github.com/provenanceone/data-api/internal/postgres"
)

// Deleter deletes workspaces from the stores. It tells of its steps by what is still to be set: Say and Steps.
func (o *Stores) Deleter(owner *postgres.Owner, s config.Stores) erasure.Deleter {
	return erasure.Deleter{
		Database: owner,
		Blobs:    o.Blobs,
		Vault:    o.secretManager,
		Buckets:  s.Buckets(),
		Wait:     wait,
	}
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
