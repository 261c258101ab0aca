package postgres

import (
	"cmp"
	"context"
	"database/sql"
	"errors"

	"github.com/jmoiron/sqlx"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
)

// transact commits what do does, as a workspace, together with its audit entries. It commits nothing that do has
// neither put on record, by Tx.record, nor called bookkeeping, by Tx.bookkeeping.
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

	tx := &Tx{ctx: bound, raw: raw, ws: ws}
	if err := cmp.Or(do(tx), tx.accounted(), ctx.Err()); err != nil {
		return errors.Join(wrap(err), ignoreDone(raw.Rollback()))
	}

	if err := raw.Commit(); err != nil {
		return unconfirmed(err)
	}

	return nil
}

// freeing is transact. It returns the blobs that nothing refers to any more once that is committed: until then they are
// in use, and after an error they may be.
func (d *DB) freeing(ctx context.Context, ws authz.WorkspaceID, do func(tx *Tx) error) ([]object.BlobID, error) {
	var freed []object.BlobID
	err := d.transact(ctx, ws, func(tx *Tx) error {
		defer func() { freed = tx.freed }()
		return do(tx)
	})
	if err != nil {
		return nil, err
	}

	return freed, nil
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
	// recorded is whether an entry was added to the log, and books is why none needs to be.
	recorded bool
	books    string
	// freed are the blobs to which no row refers any more.
	freed []object.BlobID
}

// bookkeeping says why what the transaction does, or leaves undone, is no event. bookkeeping_test.go lists the reasons.
func (t *Tx) bookkeeping(why string) { t.books = why }

func (t *Tx) accounted() error {
	if t.recorded || t.books != "" {
		return nil
	}

	return fault.New(fault.Internal, "").Because(errors.New("a transaction recorded no audit entry"))
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
