package client

import (
	"errors"
	"slices"
	"time"
)

// These are the reasons for which the API refuses an operation, for errors.Is. Each is an ErrorCode, whose
// documentation says more of it. A code that this version of the client does not know is ErrInternal.
var (
	ErrBadRequest              error = reason(ErrorCodeBadRequest)
	ErrGraphQLParseFailed      error = reason(ErrorCodeGraphqlParseFailed)
	ErrGraphQLValidationFailed error = reason(ErrorCodeGraphqlValidationFailed)
	ErrUnauthenticated         error = reason(ErrorCodeUnauthenticated)
	ErrForbidden               error = reason(ErrorCodeForbidden)
	ErrNotFound                error = reason(ErrorCodeNotFound)
	ErrBadUserInput            error = reason(ErrorCodeBadUserInput)
	ErrConflict                error = reason(ErrorCodeConflict)
	ErrInUse                   error = reason(ErrorCodeInUse)
	ErrQuotaExceeded           error = reason(ErrorCodeQuotaExceeded)
	ErrIdempotencyMismatch     error = reason(ErrorCodeIdempotencyMismatch)
	ErrRateLimited             error = reason(ErrorCodeRateLimited)
	ErrQueryTooCostly          error = reason(ErrorCodeQueryTooCostly)
	ErrUnknownDocument         error = reason(ErrorCodePersistedQueryNotFound)
	ErrUntrustedDocument       error = reason(ErrorCodeDocumentNotTrusted)
	ErrUnavailable             error = reason(ErrorCodeUnavailable)
	ErrInternal                error = reason(ErrorCodeInternal)
)

// reason is a code as an error.
type reason ErrorCode

// Error is the code.
func (r reason) Error() string { return string(r) }

// Error is why the API refused an operation, or a proxy before it.
type Error struct {
	// Code is what programs decide by: compare with errors.Is.
	Code ErrorCode
	// Message says it in a sentence.
	Message string
	// Field is the path of the input that is wrong; empty where none is named.
	Field string
	// RequestID names the request in the server's log; empty if a proxy answered.
	RequestID string
	// RetryAfter is how long to wait before another try; zero where that is not known.
	RetryAfter time.Duration
	// Status is that of HTTP: an operation that ran has 200.
	Status int
	// Extensions are all that the API said beside the message, `references` for example.
	Extensions map[string]any
}

// Error is the message.
func (e *Error) Error() string { return e.Message }

// Is reports whether target is the reason of the refusal.
func (e *Error) Is(target error) bool {
	r, ok := target.(reason)
	return ok && (ErrorCode(r) == e.Code ||
		ErrorCode(r) == ErrorCodeInternal && !slices.Contains(AllErrorCode, e.Code))
}

// Code returns the code of an error of an operation; empty if it is no answer of the API.
func Code(err error) ErrorCode {
	var refused *Error
	if errors.As(err, &refused) {
		return refused.Code
	}

	return ""
}

// Message returns the API's own sentence about an error of an operation, without what the callers of the operation
// have added; the error's own text if it is no answer of the API.
func Message(err error) string {
	var refused *Error
	switch {
	case errors.As(err, &refused):
		return refused.Message
	case err != nil:
		return err.Error()
	}

	return ""
}
