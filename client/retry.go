package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/url"
	"strings"
	"time"

	"github.com/Khan/genqlient/graphql"
)

const (
	// mostTries is how often an operation that may be repeated is sent.
	mostTries = 3
	// mostWait is the longest that the client waits for a server that says when to come again.
	mostWait = 30 * time.Second
	leastGap = 200 * time.Millisecond
	mostGap  = 10 * time.Second
)

// safeToRepeat are the mutations of which the contract says so, whatever their input: their names, and the texts by
// which this package sends them. An operation of somebody else's may have the same name and do more.
var safeToRepeat = map[string]string{
	"CompleteUpload":       CompleteUpload_Operation,
	"CancelUpload":         CancelUpload_Operation,
	"RevokeAPIKey":         RevokeAPIKey_Operation,
	"SetSecretReferences":  SetSecretReferences_Operation,
	"DestroySecretVersion": DestroySecretVersion_Operation,
	"EndLease":             EndLease_Operation,
}

// brokenError is about a connection that ended in the middle of an answer.
type brokenError struct{ error }

func broken(err error) error { return brokenError{err} }

// Unwrap is how it ended.
func (e brokenError) Unwrap() error { return e.error }

// NewIdempotencyKey returns a new key for the IdempotencyKey of an input. A mutation with a key is carried out once,
// however often it arrives, so that the client sends it again where there was no answer.
func NewIdempotencyKey() *string { return new(rand.Text()) }

// repeatable reports whether sending an operation twice does what sending it once does. Where it cannot tell, it
// says no.
func repeatable(operation *graphql.Request, body []byte) bool {
	text := strings.Join(strings.Fields(operation.Query), "")
	if strings.HasPrefix(text, "query") && !strings.Contains(text, "mutation") ||
		safeToRepeat[operation.OpName] == operation.Query {
		return true
	}

	keys, all := keyed(body)
	return all && keys > 0 && strings.Count(text, "(input:") == keys
}

// keyed counts the variables of a request that have an idempotency key. All is false if an input has none.
func keyed(body []byte) (keys int, all bool) {
	var sent struct {
		Variables map[string]json.RawMessage
	}
	if json.Unmarshal(body, &sent) != nil {
		return 0, false
	}

	for _, variable := range sent.Variables {
		var input struct{ IdempotencyKey string }
		switch isInput := bytes.HasPrefix(variable, []byte("{")); {
		case isInput && (json.Unmarshal(variable, &input) != nil || input.IdempotencyKey == ""):
			return 0, false
		case isInput:
			keys++
		}
	}

	return keys, true
}

// repeat calls do until it is done, is refused for good, or has been tried often enough.
func repeat(ctx context.Context, may bool, do func() error) error {
	for n := 1; ; n++ {
		err := do()
		wait, again := later(err, n)
		if err == nil || !may || !again || n == mostTries {
			return err
		}

		if interrupted := pause(ctx, wait); interrupted != nil {
			return fmt.Errorf("%w, waiting after: %w", interrupted, err)
		}
	}
}

// later says whether another try may do better, and when.
func later(err error, n int) (wait time.Duration, again bool) {
	var refused *Error
	var unanswered *url.Error
	var cut brokenError
	switch {
	case errors.As(err, &refused):
		wait = max(refused.RetryAfter, gap(n))
		return wait, refused.RetryAfter <= mostWait &&
			(refused.Code == ErrorCodeUnavailable || refused.Code == ErrorCodeRateLimited)
	case errors.As(err, &unanswered), errors.As(err, &cut):
		return gap(n), !errors.Is(err, context.Canceled)
	}

	return 0, false
}

// gap is how long to wait before the try after the nth: longer each time, and by chance, so that many clients do not
// come at once.
func gap(n int) time.Duration {
	most := min(leastGap<<min(n, 10), mostGap)
	return most/2 + mathrand.N(most/2) //nolint:gosec // it spreads tries, and guards nothing
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
