package httpserver

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
)

// withRecovery answers a panic with an internal error; if the answer had begun, it cuts the connection, so that nobody
// takes the answer for whole. It logs the stack, but the argument of the panic only if it is an error of the runtime:
// another may hold what the caller sent.
func withRecovery(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if panicked := recover(); panicked != nil {
				answerPanic(w, r, log, panicked)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

func answerPanic(w http.ResponseWriter, r *http.Request, log *slog.Logger, panicked any) {
	if err, ok := panicked.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(panicked)
	}

	log.ErrorContext(r.Context(), "panic", "requestId", RequestID(r.Context()), "panic", panicLabel(panicked), "stack",
		string(debug.Stack()))
	if entryFrom(r.Context()).status != 0 {
		panic(http.ErrAbortHandler)
	}

	refuseInternal(w, r)
}

func panicLabel(panicked any) string {
	if err, ok := panicked.(runtime.Error); ok {
		return err.Error()
	}

	return fmt.Sprintf("%T", panicked)
}
