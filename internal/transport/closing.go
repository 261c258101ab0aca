package transport

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/coder/websocket"

	"github.com/provenanceone/data-api/internal/fault"
)

// closing is why this side closes a socket: the code and the sentence that it sends to the peer.
type closing struct {
	code websocket.StatusCode
	say  string
}

// Error returns the sentence.
func (c closing) Error() string { return c.say }

// The codes that the subprotocol has beside those of WebSocket.
//
// Source: GraphQL over WebSocket Protocol, graphql-transport-ws, and CloseCode of its reference implementation.
const (
	closeInvalid      websocket.StatusCode = 4400
	closeUnauthorized websocket.StatusCode = 4401
	closeForbidden    websocket.StatusCode = 4403
	closeInitTimeout  websocket.StatusCode = 4408
	closeExists       websocket.StatusCode = 4409
	closeTooMany      websocket.StatusCode = 4429
	closeInternal     websocket.StatusCode = 4500
)

var closeCodes = map[fault.Kind]websocket.StatusCode{
	fault.Unauthenticated: closeUnauthorized,
	fault.Forbidden:       closeForbidden,
	fault.BadRequest:      closeInvalid,
	fault.Invalid:         closeInvalid,
	fault.RateLimited:     closeTooMany,
	fault.Unavailable:     websocket.StatusTryAgainLater,
}

// closingFor says in the terms of the subprotocol why a socket ends; known is false for what callers must not see.
func closingFor(err error) (c closing, known bool) {
	if c, ok := errors.AsType[closing](err); ok {
		return c, true
	}

	if f, ok := errors.AsType[*fault.Error](err); ok && closeCodes[f.Kind] != 0 {
		return closing{closeCodes[f.Kind], cut(f.Say)}, true
	}

	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return closing{websocket.StatusTryAgainLater, "It took too long."}, true
	case errors.Is(err, context.Canceled):
		return errGoingAway, true
	}

	return closing{closeInternal, "An internal error occurred."}, false
}

// cut shortens a sentence to what a close frame holds.
//
// Source: RFC 6455, section 5.5: 125 bytes, two of them for the code.
func cut(sentence string) string {
	const most = 123
	if len(sentence) <= most {
		return sentence
	}

	end := most - len("…")
	for !utf8.RuneStart(sentence[end]) {
		end--
	}

	return strings.TrimSpace(sentence[:end]) + "…"
}
