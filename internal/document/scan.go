package document

import (
	"errors"
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/lexer"

	"github.com/provenanceone/data-api/internal/fault"
)

// scan checks what can be seen token by token, in one pass that stops at the first one too many.
func (l Limits) scan(query string) *gqlerror.Error {
	tokens := lexer.New(&ast.Source{Input: query})
	for n := 0; ; n++ {
		token, err := tokens.ReadToken()
		switch {
		case err != nil:
			return unparsable(err)
		case token.Kind == lexer.EOF:
			return nil
		case n == l.Tokens:
			return refusal(tooCostly("The document has more than %d tokens; at most %d are allowed.",
				l.Tokens, l.Tokens).Beyond("max-document-tokens"))
		}

		if err := l.checkToken(token); err != nil {
			return err
		}
	}
}

func (l Limits) checkToken(token lexer.Token) *gqlerror.Error {
	at := gqlerror.Location{Line: token.Pos.Line, Column: token.Pos.Column}
	switch token.Kind {
	case lexer.Name:
		if len(token.Value) > l.NameBytes {
			return refusal(tooCostly("A name in the document has %d bytes; at most %d are allowed.", len(token.Value),
				l.NameBytes), at)
		}
	case lexer.Int:
		// A literal beyond 64 bits would end execution by a panic.
		if _, err := strconv.ParseInt(token.Value, 10, 64); errors.Is(err, strconv.ErrRange) {
			return refusal(fault.New(fault.ValidationFailed,
				"A whole number in the document has more than 64 bits."), at)
		}
	case lexer.Float:
		if _, err := strconv.ParseFloat(token.Value, 64); errors.Is(err, strconv.ErrRange) {
			return refusal(fault.New(fault.ValidationFailed, "A number in the document is too large."), at)
		}
	default:
		// Everything else is bounded by the number of tokens and bytes.
	}

	return nil
}
