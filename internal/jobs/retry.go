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

// backoff waits twice as long after each failure, up to an hour, and a little more by chance, so that what failed
// together is not tried together.
type backoff struct{}

// NextRetry implements river.ClientRetryPolicy.
func (backoff) NextRetry(job *rivertype.JobRow) time.Time {
	wait := min(firstRetry<<min(len(job.Errors), 20), longestRetry)
	return time.Now().Add(wait + rand.N(wait/10)) //nolint:gosec // it spreads load, it protects nothing
}

// reporter logs what failed.
type reporter struct {
	log *slog.Logger
}

// HandleError implements river.ErrorHandler.
func (r reporter) HandleError(ctx context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	r.log.WarnContext(ctx, "a job failed", "kind", job.Kind, "args", string(job.EncodedArgs), "attempt", job.Attempt,
		"error", err)
	return nil
}

// HandlePanic implements river.ErrorHandler. What works contains its own panics: this is for River's.
func (r reporter) HandlePanic(
	ctx context.Context, job *rivertype.JobRow, _ any, trace string,
) *river.ErrorHandlerResult {
	r.log.ErrorContext(ctx, "a job panicked", "kind", job.Kind, "args", string(job.EncodedArgs), "trace", trace)
	return nil
}

// contained turns a panic into an error. River would log and keep what was panicked with, which may hold a value.
func contained(work func() error) (err error) {
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
