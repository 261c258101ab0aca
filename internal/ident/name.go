package ident

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/provenanceone/data-api/internal/fault"
)

// MaxName is how many characters a name has at most.
const MaxName = 120

// MaxDescription is how many characters a description has at most.
const MaxDescription = 2000

// CheckName returns fault.Invalid, naming the field, unless the text is a name that people can read and tell apart:
// 1 to MaxName characters in Unicode's form NFC, none of them a control character or one that shows nothing, no space
// at either end.
func CheckName(field, text string) error {
	if n := utf8.RuneCountInString(text); n < 1 || n > MaxName {
		return fault.Field(fault.Invalid, field, "A name has 1 to %d characters; this one has %d.", MaxName, n)
	}

	if strings.TrimSpace(text) != text || strings.ContainsFunc(text, unicode.IsControl) {
		return fault.Field(fault.Invalid, field, "A name has no control characters, and no space at either end.")
	}

	if !norm.NFC.IsNormalString(text) {
		return fault.Field(fault.Invalid, field, "A name is in Unicode's composed form, NFC: one spelling, one name.")
	}

	return CheckVisible(field, text)
}

// CheckVisible returns fault.Invalid, naming the field and the character, if a character of the text shows nothing or
// turns the order of others round: two texts that look alike would not be the same. Joiners and variation selectors
// may follow what is not ASCII: scripts and emoji need them.
func CheckVisible(field, text string) error {
	before := ' '
	for _, r := range text {
		if isHidden(r) && (before < utf8.RuneSelf || !unicode.In(r, unicode.Join_Control, unicode.Variation_Selector)) {
			return fault.Field(fault.Invalid, field,
				"Take out the character %U: it is invisible, or changes the order of the text.", r)
		}

		before = r
	}

	return nil
}

// IsBlank reports whether no character of a text shows anything.
func IsBlank(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsPrint(r) && !unicode.IsSpace(r) && !isHidden(r)
	})
}

// isHidden reports that a character shows nothing and is no space: a mark of direction, of width zero, a filler, or
// the end of a line.
func isHidden(r rune) bool {
	const brailleBlank = '\u2800'
	return r == brailleBlank || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}

// CheckDescription returns fault.Invalid, naming the field, if the text is longer than MaxDescription characters; nil
// is no description.
func CheckDescription(field string, text *string) error {
	if text == nil || utf8.RuneCountInString(*text) <= MaxDescription {
		return nil
	}

	return fault.Field(fault.Invalid, field, "A description has at most %d characters.", MaxDescription)
}
