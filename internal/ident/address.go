package ident

import (
	"net/mail"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxAddress is in bytes. Source: RFC 5321, section 4.5.3.1.3, without the angle brackets.
const maxAddress = 254

// Address returns an email address as it is kept and compared; ok is false for what is none.
//
// Only the letters of ASCII are put in lower case. Unicode's lower case turns other letters into those (U+212A into
// k), and so does normalization: so an address that is not in NFC is none, instead of being put into it.
func Address(text string) (address string, ok bool) {
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Address != text || len(text) > maxAddress {
		return "", false
	}

	if !norm.NFC.IsNormalString(text) || strings.ContainsRune(text, utf8.RuneError) {
		return "", false
	}

	return strings.Map(lowerASCII, text), true
}

func lowerASCII(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}

	return r
}
