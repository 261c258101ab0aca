package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// write commits what do does together with its audit entry, as the workspace of whoever does it. do may add to the
// entry.
func (d *DB) write(ctx context.Context, entry audit.Entry, do func(tx *Tx, entry *audit.Entry) error) error {
	return d.transact(ctx, entry.By.Workspace, func(tx *Tx) error {
		if err := do(tx, &entry); err != nil {
			return err
		}

		return tx.record(entry)
	})
}

// transact commits what do does, as a workspace. It writes no audit event: do calls Tx.record where the entry
// depends on what it finds, or where there are several; bookkeeping, such as a reservation, has none. Where one
// entry is known before, write is shorter.
//
// Errors: fault.ErrUnconfirmed if the connection was lost at COMMIT; after every other one nothing was done.
func (d *DB) transact(ctx context.Context, ws authz.WorkspaceID, do func(tx *Tx) error) error {
	done, err := d.turns.take(ctx, ws, 1)
	if err != nil {
		return err
	}
	defer done()
	bound := bind(ctx, ws)
	raw, err := d.pool.BeginTxx(bound, nil)
	if err != nil {
		return wrap(err)
	}

	if err := cmp.Or(do(&Tx{ctx: bound, raw: raw, ws: ws}), ctx.Err()); err != nil {
		return errors.Join(wrap(err), ignoreDone(raw.Rollback()))
	}

	if err := raw.Commit(); err != nil {
		return fault.New(fault.Unavailable, "The database did not confirm: what you asked for may or may not have "+
			"been done. Look before you try again.").
			Because(fmt.Errorf("%w: %w", fault.ErrUnconfirmed, err))
	}

	return nil
}

func ignoreDone(err error) error {
	if errors.Is(err, sql.ErrTxDone) {
		return nil
	}

	return err
}

// Tx is a transaction bound to one workspace.
type Tx struct {
	ctx context.Context
	raw *sqlx.Tx
	ws  authz.WorkspaceID
}

func (t *Tx) get(row any, query string, args ...any) (found bool, err error) {
	err = t.raw.GetContext(t.ctx, row, query, args...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}

	return err == nil, err
}

func (t *Tx) list(rows any, query string, args ...any) error {
	return t.raw.SelectContext(t.ctx, rows, query, args...)
}

// exec runs a statement and returns how many rows it changed.
func (t *Tx) exec(query string, args ...any) (int64, error) {
	result, err := t.raw.ExecContext(t.ctx, query, args...)
	if err != nil {
		return 0, err
	}

	return result.RowsAffected()
}
