// Package fault gives errors a kind, which decides the error code, and a sentence that the caller may see.
//
// Everything that is not a *fault.Error is a fault of the server: it is logged, and the caller learns only its request
// id.
package fault

import (
	"errors"
	"fmt"
	"maps"
)

// Kind is the `extensions.code` that an error carries to the caller; the schema's ErrorCode describes each.
type Kind string

// The kinds, one for each value of the schema's ErrorCode.
const (
	BadRequest       Kind = "BAD_REQUEST"
	ParseFailed      Kind = "GRAPHQL_PARSE_FAILED"
	ValidationFailed Kind = "GRAPHQL_VALIDATION_FAILED"
	Unauthenticated  Kind = "UNAUTHENTICATED"
	Forbidden        Kind = "FORBIDDEN"
	NotFound         Kind = "NOT_FOUND"
	Invalid          Kind = "BAD_USER_INPUT"
	Conflict         Kind = "CONFLICT"
	InUse            Kind = "IN_USE"
	QuotaExceeded    Kind = "QUOTA_EXCEEDED"
	RateLimited      Kind = "RATE_LIMITED"
	TooCostly        Kind = "QUERY_TOO_COSTLY"
	// UnknownDocument has the code by which Apollo Client knows that it must send the document itself.
	UnknownDocument   Kind = "PERSISTED_QUERY_NOT_FOUND"
	UntrustedDocument Kind = "DOCUMENT_NOT_TRUSTED"
	Unavailable       Kind = "UNAVAILABLE"
	Internal          Kind = "INTERNAL"

	IdempotencyMismatch Kind = "IDEMPOTENCY_MISMATCH"
)

// Error is an error with a sentence for the caller.
type Error struct {
	Kind Kind
	// Say is the one part of an error that reaches a client. It never quotes a secret.
	Say string
	// Details are machine-readable, by the names of `extensions` in the schema's ErrorCode.
	Details map[string]any
	// Limit is the limit that was hit, by the name of its setting without dashes in front; empty for none. It is
	// counted, and callers do not see it.
	Limit string
	cause error
}

// ErrUnconfirmed is in the chain of an error after which nobody knows whether what was to be done was done. After every
// other error it was not: what had been prepared for it can be undone.
var ErrUnconfirmed = errors.New("nobody knows whether it was done")

// ErrOutage is in the chain of an error that an outage causes whose begin and end are logged: a line for each request
// would say nothing more.
var ErrOutage = errors.New("there is an outage")

// New returns an error of a kind, with the sentence that the caller may see.
func New(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Say: fmt.Sprintf(format, args...)}
}

// Field returns an error about one input field, named in `extensions.field`.
func Field(kind Kind, field, format string, args ...any) *Error {
	return New(kind, format, args...).With("field", field)
}

// With returns the error with one more detail.
func (e *Error) With(name string, value any) *Error {
	next := *e
	next.Details = maps.Clone(e.Details)
	if next.Details == nil {
		next.Details = map[string]any{}
	}

	next.Details[name] = value
	return &next
}

// Beyond returns the error with the limit that was hit.
func (e *Error) Beyond(limit string) *Error {
	next := *e
	next.Limit = limit
	return &next
}

// Because returns the error with what caused it, for the log and errors.Is; the caller never sees it.
func (e *Error) Because(cause error) *Error {
	next := *e
	next.cause = cause
	return &next
}

// Error says kind, sentence and cause, for the log.
func (e *Error) Error() string {
	if e.cause == nil {
		return fmt.Sprintf("%s: %s", e.Kind, e.Say)
	}

	return fmt.Sprintf("%s: %s (%v)", e.Kind, e.Say, e.cause)
}

// Unwrap returns what caused the error.
func (e *Error) Unwrap() error { return e.cause }

// KindOf returns the kind of the first *Error in err's chain, and Internal where there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}

	return Internal
}

// Is reports whether err is of a kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
