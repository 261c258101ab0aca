package secret

import (
	"context"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// EndStore ends values and secrets.
type EndStore interface {
	// ExpireVersion destroys a retained version if its time is over and nothing pins it: from its commit on nobody is
	// given the value. left is whether the vault has not been told yet; then number is where it keeps it.
	ExpireVersion(ctx context.Context, d WorkItem, at time.Time, e audit.Entry) (number Number, left bool, err error)
	// VersionErased records that the vault has destroyed the version. Bookkeeping.
	VersionErased(ctx context.Context, ws authz.WorkspaceID, id ID, version int32) error
	// MarkPurged ends the time in which a deleted secret can be restored, if that time is over. marked reports whether
	// the secret is marked, by this call or an earlier one; only the call that marks writes the event.
	MarkPurged(ctx context.Context, d WorkItem, at time.Time, e audit.Entry) (marked bool, err error)
	// DropPurged removes what is left of a secret that was marked: versions, references, and its row. Bookkeeping.
	DropPurged(ctx context.Context, d WorkItem) error
}

// destroy ends a version: in the database, in the vault, and then keeps that both have.
func (u *Upkeep) destroy(ctx context.Context, d WorkItem) error {
	number, left, err := u.store.ExpireVersion(ctx, d, u.now(), audit.Record(d.by(), audit.SecretDestroyed))
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
	marked, err := u.store.MarkPurged(ctx, d, u.now(), audit.Record(d.by(), audit.SecretPurged))
	if err != nil || !marked {
		return err
	}

	if err := u.vault.Delete(ctx, d.place()); err != nil {
		return err
	}

	return u.store.DropPurged(ctx, d)
}
