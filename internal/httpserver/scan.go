package httpserver

import (
	"strconv"
	"unicode"
	"unicode/utf16"

	"github.com/provenanceone/data-api/internal/fault"
)

// scanJSON goes through valid JSON once, for what decoding would hide: it makes U+FFFD of a lone surrogate, and has no
// bound on depth of ours.
func scanJSON(body []byte, depth int) *fault.Error {
	level := 0
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '{', '[':
			if level++; level > depth {
				return bad("The body may be nested at most %d levels deep.", depth)
			}
		case '}', ']':
			level--
		case '"':
			end, f := scanString(body, i+1)
			if f != nil {
				return f
			}

			i = end
		}
	}

	return nil
}

// scanString returns where the string ends whose first character is at i.
func scanString(body []byte, i int) (end int, f *fault.Error) {
	for ; body[i] != '"'; i++ {
		if body[i] != '\\' {
			continue
		}

		i++
		if body[i] != 'u' {
			continue
		}

		first := decodeEscape(body[i-1:])
		i += 4
		switch {
		case first == 0:
			return i, bad("The body must not contain the character U+0000.")
		case !utf16.IsSurrogate(first):
			continue
		case utf16.DecodeRune(first, decodeEscape(body[i+1:])) == unicode.ReplacementChar:
			return i, bad("The body must not contain half a surrogate pair.")
		}

		i += 6
	}

	return i, nil
}

// decodeEscape returns the character that a \uXXXX at the beginning of text stands for; -1 if there is none.
func decodeEscape(text []byte) rune {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return -1
	}

	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	if err != nil {
		return -1
	}

	return rune(unit)
}
