package idempotency

import (
	"context"
	"crypto/hmac"
	"errors"
	"slices"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// How often it is asked whether another attempt has ended: soon at first, then less often.
const (
	firstPause   = 20 * time.Millisecond
	longestPause = 250 * time.Millisecond
)

// Do carries out a call by run, or, if that was done before, answers by again what it made.
//
// run uses the ids of its claim, and records its one event with Claim.EventID in the transaction that has the effect.
//
// Errors: those of run and again; fault.Invalid naming `idempotencyKey`; fault.IdempotencyMismatch if the key was used
// with another input; fault.Unavailable if another attempt has not ended in time.
func Do[T any](
	ctx context.Context, s *Service, a authz.Actor, c Call, run func(context.Context, Claim) (T,
		error), again func(context.Context, Result) (T, error),
) (T, error) {
	if c.Key == nil {
		return run(ctx, newClaim())
	}

	var none T
	n := Name{Workspace: a.Workspace, PrincipalID: a.PrincipalID, Mutation: c.Mutation, Key: *c.Key}
	state, err := s.turn(ctx, n, c)
	switch {
	case err != nil:
		return none, err
	case state.Done != nil:
		return again(ctx, *state.Done)
	}

	limited, cancel := context.WithTimeout(ctx, longestRun)
	defer cancel()
	result, failed := run(limited, state.Claim)
	if failed == nil {
		return result, nil
	}

	done, err := s.end(context.WithoutCancel(ctx), n, state, failed)
	if done != nil {
		return again(ctx, *done)
	}

	return none, errors.Join(failed, err)
}

// turn waits until the call is done or it is this caller's turn.
func (s *Service) turn(ctx context.Context, n Name, c Call) (State, error) {
	marks, err := s.marks(c)
	if err := errors.Join(checkKey(n.Key), err); err != nil {
		return State{}, err
	}

	claim := newClaim()
	claim.Shared = true
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		state, err := s.store.Claim(ctx, n, claim, marks[0], marks[1:]...)
		switch {
		case err != nil && ctx.Err() != nil:
			return State{}, underWay(err)
		case err != nil:
			return State{}, err
		case !isAmong(marks, state.Mark):
			return State{}, fault.Field(fault.IdempotencyMismatch, "idempotencyKey",
				"This idempotency key was used before with another input: take a new one.")
		case state.Done != nil || state.Attempt > 0:
			return state, nil
		}

		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return State{}, underWay(ctx.Err())
		}
	}
}

func isAmong(marks [][]byte, mark []byte) bool {
	return slices.ContainsFunc(marks, func(m []byte) bool { return hmac.Equal(m, mark) })
}

// Gone says that what a call made was deleted since. Answering as if it were there would send its caller after nothing.
func Gone(noun string) error {
	return fault.Field(fault.Conflict, "idempotencyKey", "The call with this idempotency key made a %s that has been "+
		"deleted since: take a new key to make another one.", noun)
}

func underWay(cause error) error {
	return fault.New(fault.Unavailable, "The same call is still under way: send it again with the same idempotency "+
		"key to learn what came of it.").Because(cause)
}

// end settles a failed attempt. It returns the outcome if the event is in the log after all, by this attempt or another
// one; else it releases the claim.
func (s *Service) end(ctx context.Context, n Name, of State, failed error) (*Result, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	state, err := s.store.Claim(ctx, n, of.Claim, of.Mark)
	if err != nil || state.Done != nil {
		return state.Done, err
	}

	return nil, s.store.EndAttempt(ctx, n, of.Attempt, definite(failed))
}

// definite reports that the failure says for sure that nothing was done: the same key may then stand for another
// input. What waited in vain for its turn may have done a part, and goes on with the same ids.
func definite(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Kind != fault.Unavailable && f.Kind != fault.Internal && f.Kind != fault.RateLimited
}
