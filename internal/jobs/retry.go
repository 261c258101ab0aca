package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

const (
	firstRetry   = 10 * time.Second
	longestRetry = time.Hour
)

// backoff doubles the wait after each failure, up to an hour, and adds jitter, so that jobs that failed together are
// not tried together.
type backoff struct{}

// NextRetry implements river.ClientRetryPolicy.
func (backoff) NextRetry(job *rivertype.JobRow) time.Time {
	wait := min(firstRetry<<min(len(job.Errors), 20), longestRetry)
	return time.Now().Add(wait + rand.N(wait/10)) //nolint:gosec // it spreads load, it protects nothing
}

// errorLogger logs failed jobs.
type errorLogger struct {
	log *slog.Logger
}

// HandleError implements river.ErrorHandler.
func (r errorLogger) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	r.log.Log(ctx, levelOf(err), "a job failed", "kind", job.Kind, "args", string(job.EncodedArgs),
		"attempt", job.Attempt, "error", err)
	return nil
}

// HandlePanic implements river.ErrorHandler, for panics of River itself: the workers recover those of jobs.
func (r errorLogger) HandlePanic(
	ctx context.Context, job *rivertype.JobRow, _ any, trace string,
) *river.ErrorHandlerResult {
	r.log.ErrorContext(ctx, "a job panicked", "kind", job.Kind, "args", string(job.EncodedArgs), "trace", trace)
	return nil
}

// recoverPanic turns a panic into an error. River would log and store the argument of the panic, which may hold a
// value.
func recoverPanic(work func() error) (err error) {
	defer func() {
		switch panicked := recover().(type) {
		case nil:
		case runtime.Error:
			err = fmt.Errorf("panic: %w\n%s", panicked, debug.Stack())
		default:
			err = fmt.Errorf("panic: %T\n%s", panicked, debug.Stack())
		}
	}()
	return work()
}
