package secret

import (
	"context"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/fault"
)

// destroy ends a version: in the database, in the vault, and then keeps that both have.
func (u *Upkeep) destroy(ctx context.Context, d WorkItem) error {
	entry := audit.Record(d.by(), audit.SecretDestroyed).AwaitsTarget("secret").With("version", d.Version)
	number, left, err := u.store.ExpireVersion(ctx, d, u.now(), entry)
	if err != nil || !left {
		return err
	}

	// what is not there needs no destroying
	if err := u.vault.Destroy(ctx, d.place(), number); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}

	return u.store.VersionErased(ctx, d.Workspace, d.ID, d.Version)
}

// purge ends a deleted secret: it cannot be restored any more; nor is it in the vault; nor is there a row.
func (u *Upkeep) purge(ctx context.Context, d WorkItem) error {
	marked, err := u.store.MarkPurged(ctx, d, u.now(), audit.Record(d.by(), audit.SecretPurged).AwaitsTarget("secret"))
	if err != nil || !marked {
		return err
	}

	if err := u.vault.Delete(ctx, d.place()); err != nil {
		return err
	}

	return u.store.DropPurged(ctx, d)
}
