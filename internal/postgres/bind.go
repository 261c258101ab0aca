package postgres

import (
	"context"
	"database/sql/driver"
	"sync/atomic"

	"github.com/provenanceone/data-api/internal/authz"
)

// anyone is for statements that only call a SECURITY DEFINER function, which answers the same whatever workspace the
// session is bound to. So the session keeps its binding: the first statement of each request does not change it back
// and forth.
const anyone authz.WorkspaceID = "anyone"

// selfBinding is anyone, for a statement that finds out whose workspace it is: it binds its own session to that by
// set_config, which is its last column. So what the same caller asks for next finds a session that is bound already.
const selfBinding authz.WorkspaceID = "self-binding"

// unknown is what a session is bound to while, or after, a statement that failed may have bound it.
const unknown authz.WorkspaceID = "unknown"

type useKey struct{}

// use is what a statement is run for: a workspace, the only one that row-level security then shows, and a caller, who
// may go.
type use struct {
	workspace authz.WorkspaceID
	caller    context.Context
	// fate is what became of a statement that commits by itself; nil for all others.
	fate *fate
}

// fate is whether the statement was sent, and whether an answer to it was lost: then it may have been done, and it may
// have run a second time since.
type fate struct{ sent, lost atomic.Bool }

// bind returns a context whose statements run as that workspace, and end with ctx although it cannot be cancelled
// itself.
func bind(ctx context.Context, id authz.WorkspaceID) context.Context {
	return context.WithValue(context.WithoutCancel(ctx), useKey{}, use{workspace: id, caller: ctx})
}

// followed returns a context like the one that bind returned, and the fate of the statement that runs with it.
func followed(bound context.Context) (context.Context, *fate) {
	u, _ := bound.Value(useKey{}).(use)
	u.fate = &fate{}
	return context.WithValue(bound, useKey{}, u), u.fate
}

// boundTo is the workspace that a context's statements run as: anyone's, or none unless bind has named a valid one.
func boundTo(ctx context.Context) authz.WorkspaceID {
	u, _ := ctx.Value(useKey{}).(use)
	if !u.workspace.Valid() && !isAnyone(u.workspace) {
		return ""
	}

	return u.workspace
}

func isAnyone(id authz.WorkspaceID) bool { return id == anyone || id == selfBinding }

// callerOf is the context whose end ends a context's statements.
func callerOf(ctx context.Context) context.Context {
	if u, ok := ctx.Value(useKey{}).(use); ok {
		return u.caller
	}

	return ctx
}

// bindingRows are of a statement that binds its session, as the row says. Until it has ended, what the session is bound
// to is unknown.
type bindingRows struct {
	driver.Rows
	session *session
	// to is what the session is bound to in the end.
	to authz.WorkspaceID
}

// Next keeps the workspace of the row; without a row the statement binds nothing.
func (r *bindingRows) Next(row []driver.Value) error {
	err := r.Rows.Next(row)
	if err == nil {
		name, _ := row[len(row)-1].(string)
		r.to = authz.WorkspaceID(name)
	}

	return err
}

// Close notes what the session is bound to, now that the statement has ended: one that fails after its row has bound
// nothing.
func (r *bindingRows) Close() error {
	err := r.Rows.Close()
	if err == nil {
		r.session.bound = r.to
	}

	return err
}
