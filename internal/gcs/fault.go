package gcs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"cloud.google.com/go/storage"
	"google.golang.org/api/googleapi"

	"github.com/provenanceone/data-api/internal/breaker"
	"github.com/provenanceone/data-api/internal/fault"
)

// unavailable returns the error of a failed call; the sentence says what did not happen, and during an outage when to
// try again.
func unavailable(sentence string, err error) error {
	return breaker.TryAgain(fault.New(fault.Unavailable, "%s", sentence).Because(causeOf(err)), err)
}

// cause is an error of the client in words that hold no URL: a URL may be a credential.
type cause struct{ err error }

func causeOf(err error) error { return cause{err} }

// Unwrap returns the client's error, for errors.Is.
func (c cause) Unwrap() error { return c.err }

// Error says what the client said, without any URL.
func (c cause) Error() string { return inWords(c.err) }

func inWords(err error) string {
	var answer *googleapi.Error
	var call *url.Error
	var signing signingError
	switch {
	case errors.As(err, &signing):
		return signing.Error()
	case errors.Is(err, context.DeadlineExceeded):
		return "the deadline passed"
	case errors.Is(err, context.Canceled):
		return "the caller gave up"
	case errors.As(err, &answer):
		return fmt.Sprintf("Google answered %d%s", answer.Code, reasons(answer))
	case errors.As(err, &call):
		return call.Op + ": " + inWords(call.Err)
	}

	if text := err.Error(); !strings.Contains(text, "://") {
		return text
	}

	return fmt.Sprintf("%T", err)
}

func reasons(answer *googleapi.Error) string {
	var said strings.Builder
	for _, item := range answer.Errors {
		said.WriteString(" " + item.Reason)
	}

	return said.String()
}

// isGone reports that there is no such blob, in a bucket that there is: a missing bucket is a fault of the deployment.
func isGone(err error) bool {
	var answer *googleapi.Error
	if errors.As(err, &answer) && strings.Contains(strings.ToLower(answer.Message), "bucket does not exist") {
		return false
	}

	return errors.Is(err, storage.ErrObjectNotExist)
}

// answered reports that storage answered with a status.
func answered(err error, status int) bool {
	var answer *googleapi.Error
	return errors.As(err, &answer) && answer.Code == status
}

// isMoot reports that a copy's source is gone, or that one of its preconditions did not hold.
func isMoot(err error) bool { return isGone(err) || answered(err, http.StatusPreconditionFailed) }
