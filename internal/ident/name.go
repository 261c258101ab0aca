package ident

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/fault"
)

// MaxName is how many characters a name has at most.
const MaxName = 120

// MaxDescription is how many characters a description has at most.
const MaxDescription = 2000

// CheckName returns fault.Invalid, naming the field, unless the text is a name that people can read and tell apart:
// 1 to MaxName characters, none of them a control character, no space at either end.
func CheckName(field, text string) error {
	if n := utf8.RuneCountInString(text); n < 1 || n > MaxName {
		return fault.Field(fault.Invalid, field, "A name has 1 to %d characters; this one has %d.", MaxName, n)
	}
	if strings.TrimSpace(text) != text || strings.ContainsFunc(text, unicode.IsControl) {
		return fault.Field(fault.Invalid, field, "A name has no control characters, and no space at either end.")
	}
	return nil
}

// CheckDescription returns fault.Invalid, naming the field, if the text is longer than MaxDescription characters; nil is no description.
func CheckDescription(field string, text *string) error {
	if text == nil || utf8.RuneCountInString(*text) <= MaxDescription {
		return nil
	}
	return fault.Field(fault.Invalid, field, "A description has at most %d characters.", MaxDescription)
}
