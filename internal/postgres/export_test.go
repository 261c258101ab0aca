package postgres

import (
	"context"
	"errors"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
)

// FlushCounters has what this session has read counted where others see it.
func (d *DB) FlushCounters(ctx context.Context) error {
	var none string
	_, err := d.get(ctx, anyone, &none, `SELECT pg_stat_force_next_flush()::text`)
	return err
}

// PlannedAnew are the statements that this session has planned for one call alone.
func (d *DB) PlannedAnew(ctx context.Context) (statements []string, err error) {
	err = d.list(ctx, anyone, &statements, `SELECT statement FROM pg_prepared_statements WHERE custom_plans > 0`)
	return statements, err
}

// NextObjects is how many objects the next step of a deletion looks at, most or fewer.
func (d *DB) NextObjects(ctx context.Context, of deletion.Lock, most int) (n int, err error) {
	err = d.transact(ctx, of.Workspace, func(tx *Tx) error {
		tx.bookkeeping("a test")
		due, _, err := tx.nextObjects(of, most)
		n = len(due)
		return err
	})
	return n, err
}

// inTransaction asks for a list that is read only on the way to a change.
func inTransaction[T any](
	ctx context.Context, d *DB, ws authz.WorkspaceID, ask func(*Tx) ([]T, error),
) (all []T, err error) {
	err = d.transact(ctx, ws, func(tx *Tx) error {
		tx.bookkeeping("a test")
		all, err = ask(tx)
		return err
	})
	return all, err
}

// UsersOf are the first of those who use a secret.
func (d *DB) UsersOf(ctx context.Context, ws authz.WorkspaceID, id secret.ID) ([]map[string]string, error) {
	return inTransaction(ctx, d, ws, func(tx *Tx) ([]map[string]string, error) {
		users, err := tx.usersOf(id)
		return users.First, err
	})
}

// ReferencesOf are the references of a consumer.
func (d *DB) ReferencesOf(
	ctx context.Context, ws authz.WorkspaceID, c reference.Consumer,
) ([]reference.Reference, error) {
	return inTransaction(ctx, d, ws, func(tx *Tx) ([]reference.Reference, error) { return tx.referencesOf(c) })
}

// LockReferable locks secrets until its own end.
func (d *DB) LockReferable(ctx context.Context, ws authz.WorkspaceID, ids []secret.ID) error {
	return d.transact(ctx, ws, func(tx *Tx) error {
		tx.bookkeeping("a test")
		return tx.lockReferable(ids)
	})
}

// HeldBy is what a lease pins.
func (d *DB) HeldBy(ctx context.Context, ws authz.WorkspaceID, id run.LeaseID) ([]run.PinnedSecret, error) {
	return inTransaction(ctx, d, ws, func(tx *Tx) ([]run.PinnedSecret, error) { return tx.heldBy(id) })
}

// VersionsUpTo are the versions of an object up to a number.
func (d *DB) VersionsUpTo(
	ctx context.Context, ws authz.WorkspaceID, id object.ID, number int32,
) ([]object.Version, error) {
	return inTransaction(ctx, d, ws, func(tx *Tx) ([]object.Version, error) { return tx.versionsUpTo(id, number) })
}

// Injectable are the secrets that a claim may be handed.
func (d *DB) Injectable(ctx context.Context, ws authz.WorkspaceID, c run.PinRequest) ([]run.PinnedSecret, error) {
	return inTransaction(ctx, d, ws, func(tx *Tx) ([]run.PinnedSecret, error) { return tx.injectable(c) })
}

// Forget returns how many claims and leases one call drops that are past keeping, and keeps them.
func (d *DB) Forget(ctx context.Context, ws authz.WorkspaceID) (claims, leases int64, err error) {
	keep := errors.New("this is rolled back")
	err = d.transact(ctx, ws, func(tx *Tx) error {
		if claims, err = tx.forgetClaims(); err != nil {
			return err
		}
		if leases, err = tx.exec(forgetLeases, ws); err != nil {
			return err
		}
		return keep
	})
	if errors.Is(err, keep) {
		err = nil
	}
	return claims, leases, err
}

// NamingColumns are the columns that name people for display.
func NamingColumns() (all []string) {
	for _, n := range namings {
		all = append(all, n.table+"."+n.label)
	}
	return all
}
