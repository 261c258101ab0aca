// Package breaker lets calls of a cloud service fail at once while the service is away, and says in the log when that
// begins and ends.
//
// So requests and jobs that need the service do not each wait for it, and hold on to what others need.
package breaker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/sony/gobreaker/v2"

	"github.com/provenanceone/data-api/internal/fault"
)

const (
	// failures in a row, over at least atLeast, are an outage. One broken connection fails all calls on it, at once.
	failures = 5
	atLeast  = time.Second
	// pause is how long no call is made. Then one is, whose end decides.
	pause = 2 * time.Second
	// enough is how long a service has to answer: a caller whose own deadline is sooner shows nothing.
	enough = 250 * time.Millisecond
)

// Breaker makes the calls of one service. Its methods may be called at the same time.
type Breaker struct {
	service string
	circuit *gobreaker.CircuitBreaker[struct{}]
	log     atomic.Pointer[slog.Logger]
	// first is when the first failure of those in a row was, and since when the outage began; the circuit's own lock
	// guards both.
	first, since time.Time
}

// New returns the breaker of a service that nothing is wrong with yet. The service's name is for the log.
func New(service string) *Breaker {
	b := &Breaker{service: service}
	b.LogOutages(slog.New(slog.DiscardHandler))
	b.circuit = gobreaker.NewCircuitBreaker[struct{}](gobreaker.Settings{
		MaxRequests:   1,
		Timeout:       pause,
		ReadyToTrip:   b.isOutage,
		IsExcluded:    func(err error) bool { return errors.Is(err, errLeft) },
		OnStateChange: func(_ string, from, to gobreaker.State) { b.note(from, to) },
	})
	return b
}

// LogOutages has the log say when the service is away and when it is back.
func (b *Breaker) LogOutages(log *slog.Logger) { b.log.Store(log) }

var (
	errFailed = errors.New("the service failed")
	errLeft   = errors.New("the caller gave up")
)

// awayError is why a call was not made.
type awayError struct{ service string }

func (e awayError) Error() string { return e.service + " is away" }

// Unwrap says that the log has the outage.
func (awayError) Unwrap() error { return fault.ErrOutage }

// Do makes a call, unless the service is away. The call reports whether the service failed: whether it did not answer,
// or answered that it cannot. A service that refuses something has not failed, and a caller who gave up shows nothing.
//
// Errors: those of the call, with fault.ErrOutage in the chain while the service is away; fault.ErrOutage for a call
// that was not made.
func (b *Breaker) Do(ctx context.Context, call func() (failed bool, err error)) error {
	var err error
	_, verdict := b.circuit.Execute(func() (struct{}, error) {
		began := time.Now()
		var failed bool
		failed, err = call()
		switch {
		case (failed || err != nil) && (errors.Is(ctx.Err(), context.Canceled) || isLate(ctx, began)):
			return struct{}{}, errLeft
		case failed:
			return struct{}{}, errFailed
		}

		return struct{}{}, nil
	})
	switch {
	case errors.Is(verdict, gobreaker.ErrOpenState), errors.Is(verdict, gobreaker.ErrTooManyRequests):
		return awayError{b.service}
	case errors.Is(verdict, errFailed) && err != nil && b.circuit.State() != gobreaker.StateClosed:
		return fmt.Errorf("%w: %w", fault.ErrOutage, err)
	}

	return err
}

// isLate reports whether the caller's deadline is over, and left the service less than enough time.
func isLate(ctx context.Context, began time.Time) bool {
	until, bounded := ctx.Deadline()
	return bounded && until.Sub(began) < enough && ctx.Err() != nil
}

// isOutage is asked after each failure.
func (b *Breaker) isOutage(counts gobreaker.Counts) bool {
	if counts.ConsecutiveFailures == 1 {
		b.first = time.Now()
	}

	return counts.ConsecutiveFailures >= failures && time.Since(b.first) >= atLeast
}

func (b *Breaker) note(from, to gobreaker.State) {
	switch {
	case from == gobreaker.StateClosed:
		b.since = time.Now()
		b.log.Load().Warn(b.service + " is away")
	case to == gobreaker.StateClosed:
		b.log.Load().Info(b.service+" is back", "away", time.Since(b.since))
	}
}

// TryAgain adds to a fault when to try again, if what caused it is that a breaker did not make the call.
func TryAgain(f *fault.Error, cause error) *fault.Error {
	var away awayError
	if !errors.As(cause, &away) {
		return f
	}

	seconds := int(pause / time.Second)
	f = f.With("retryAfterSeconds", seconds)
	f.Say += fmt.Sprintf(" Try again in %d seconds.", seconds)
	return f
}
