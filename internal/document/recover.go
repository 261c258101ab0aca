package document

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/outcome"
)

// errLogged marks an internal error that is in the log already.
var errLogged = errors.New("already logged")

// Recover returns what turns a panic into an internal error. The stack is logged with the request's id; what was
// panicked with is not, but for the runtime's own errors, since it may hold what the caller sent.
func Recover(log *slog.Logger, requestID func(context.Context) string) graphql.RecoverFunc {
	return func(ctx context.Context, panicked any) error {
		what := fmt.Sprintf("%T", panicked)
		if err, ok := panicked.(runtime.Error); ok {
			what = err.Error()
		}

		outcome.From(ctx).Refused(string(fault.Internal))
		log.ErrorContext(ctx, "panic", "requestId", requestID(ctx), "panic", what, "stack", string(debug.Stack()))
		return fault.New(fault.Internal, "").Because(errLogged)
	}
}
