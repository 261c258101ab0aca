package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/trace"
)

// maxStatements bounds the statement cache of a connection; past it a statement is prepared for one use.
const maxStatements = 256

// rawConn is what lib/pq's connection offers and this package builds on.
type rawConn interface {
	driver.Conn
	driver.Tx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type rawStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// conn is a connection of the pool. Its session may be exchanged while it waits there.
type conn struct {
	*session
	from *connector
	// waits is whether it is idle.
	waits atomic.Bool
}

// session is a session of the database.
type session struct {
	rawConn
	wire       *wire
	statements map[string]rawStmt
	// bound is the workspace that the session, or the transaction, is bound to.
	bound authz.WorkspaceID
	inTx  bool
	// generation is the connector's when this was made, and until is when this is too old.
	generation int64
	until      time.Time
}

// QueryContext runs a prepared statement as the context's workspace.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	w, ctx := c.watch(ctx)
	w.span = statementSpan(ctx)
	binds, before := boundTo(ctx) == selfBinding, c.bound
	if binds {
		c.bound = unknown
	}

	rows, err := prepared(ctx, c, query, func(s rawStmt) (driver.Rows, error) { return s.QueryContext(ctx, args) })
	switch {
	case err != nil:
		return nil, w.end(err)
	case binds:
		rows = &bindingRows{Rows: rows, session: c.session, to: before}
	}

	return &watchedRows{Rows: rows, watch: w}, nil
}

// ExecContext runs a prepared statement as the context's workspace.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	w, ctx := c.watch(ctx)
	w.span = statementSpan(ctx)
	result, err := prepared(ctx, c, query, func(s rawStmt) (driver.Result, error) { return s.ExecContext(ctx, args) })
	return result, w.end(err)
}

// watch ends the next statement when its caller goes, and keeps lib/pq from cancelling it too: that would dial by the
// wire in use.
func (c *conn) watch(ctx context.Context) (watch, context.Context) {
	c.from.idle.leave(c, boundTo(ctx)) // if it waited for one that gave up: the pool says nothing of that
	w := c.wire.watch(callerOf(ctx))
	if ctx.Done() != nil { // as all are that bind has not made
		ctx = context.WithoutCancel(ctx)
	}

	return w, ctx
}

// IsValid is asked when the connection goes back to the pool, which closes it if it cannot be used again.
func (c *conn) IsValid() bool {
	if !c.usable() {
		return false
	}

	c.from.idle.enter(c)
	return true
}

// usable is false of a session whose caller has gone, whose server is the wrong one, or that is old.
func (c *conn) usable() bool {
	return !c.wire.cut.Load() && !c.wire.unfit.Load() && c.generation == c.from.generation.Load() &&
		time.Now().Before(c.until) && c.rawConn.IsValid()
}

// ResetSession is asked when the connection leaves the pool, which takes another one if it is no longer usable.
func (c *conn) ResetSession(ctx context.Context) error {
	c.from.idle.leave(c, boundTo(ctx))
	if !c.usable() {
		return driver.ErrBadConn
	}

	return c.rawConn.ResetSession(ctx)
}

// Close ends the connection. If the database has ended it already, by a restart for example, nothing is lost: that is
// no error.
func (c *conn) Close() error {
	_ = c.from.idle.drop(c).Close()
	return nil
}

func prepared[T any](ctx context.Context, c *conn, query string, do func(rawStmt) (T, error)) (T, error) {
	var none T
	c.from.ran.Add(1)
	if err := c.follow(ctx); err != nil {
		return none, err
	}

	stmt, err := c.statement(ctx, query)
	if err != nil {
		return none, err
	}

	u, _ := ctx.Value(useKey{}).(use)
	if u.fate != nil {
		u.fate.sent.Store(true)
	}

	result, err := do(stmt)
	if u.fate != nil && err != nil && !isRefusal(err) {
		u.fate.lost.Store(true) // database/sql may send it again
	}

	if !stale(err) || c.inTx {
		return result, err
	}

	c.forget(query)
	if stmt, err = c.statement(ctx, query); err != nil {
		return none, err
	}

	return do(stmt)
}

// follow binds the session to the context's workspace. In a transaction it only checks: BEGIN has bound it.
func (c *conn) follow(ctx context.Context) error {
	want := boundTo(ctx)
	if want == c.bound || isAnyone(want) && !c.inTx {
		return nil
	}

	if c.inTx {
		return errors.New("postgres: a transaction of one workspace was used for another")
	}

	if _, err := c.rawConn.ExecContext(ctx, "SET app.workspace_id = '"+want.String()+"'", nil); err != nil {
		return fmt.Errorf("binding workspace: %w", err)
	}

	c.bound = want
	return nil
}

func (c *conn) statement(ctx context.Context, query string) (rawStmt, error) {
	if s, ok := c.statements[query]; ok {
		return s, nil
	}

	if len(c.statements) >= maxStatements {
		for old := range c.statements {
			c.forget(old)
			break
		}
	}

	made, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}

	s, ok := made.(rawStmt)
	if !ok {
		return nil, fmt.Errorf("lib/pq: %T takes no context", made)
	}

	c.statements[query] = s
	return s, nil
}

func (c *conn) forget(query string) {
	if s, ok := c.statements[query]; ok {
		_ = s.Close() // a connection that cannot close a statement is found broken at its next use
		delete(c.statements, query)
	}
}

// stale reports that the server no longer has the statement, or that DDL has changed its result.
func stale(err error) bool {
	return codeIs(err, "0A000", "26000")
}

// BeginTx begins a transaction and binds it to the context's workspace in one message.
func (c *conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	if opts.Isolation != 0 {
		return nil, errors.New("postgres: only the default isolation is offered")
	}

	begin := "BEGIN"
	if opts.ReadOnly {
		begin = "BEGIN READ ONLY"
	}

	want := boundTo(ctx)
	if isAnyone(want) {
		return nil, errors.New("postgres: a transaction is one workspace's, or nobody's")
	}

	w, ctx := c.watch(ctx)
	w.span = callSpan(trace.From(ctx), "BEGIN")
	_, err := c.rawConn.ExecContext(ctx, begin+"; SET LOCAL app.workspace_id = '"+want.String()+"'", nil)
	if err := w.end(err); err != nil {
		return nil, fmt.Errorf("beginning transaction: %w", err)
	}

	before := c.bound
	c.bound, c.inTx = want, true
	return &tx{conn: c, before: before, span: trace.From(ctx)}, nil
}

type tx struct {
	conn   *conn
	before authz.WorkspaceID
	// span is what the transaction is a part of.
	span *trace.Span
}

// Commit ends the transaction; lib/pq checks the command tag, so that an aborted one is an error.
func (t *tx) Commit() error {
	t.end()
	span := callSpan(t.span, "COMMIT")
	err := t.conn.Commit()
	t.conn.wire.note(err)
	endSpan(span, err)
	return err
}

// Rollback ends the transaction without effect.
func (t *tx) Rollback() error {
	t.end()
	span := callSpan(t.span, "ROLLBACK")
	err := t.conn.Rollback()
	endSpan(span, err)
	return err
}

// end goes back to the session's own binding, which SET LOCAL has hidden.
func (t *tx) end() { t.conn.bound, t.conn.inTx = t.before, false }
