package object

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

// MaxKeyBytes is the length of the longest key.
const MaxKeyBytes = 900

// CheckKey returns fault.Invalid naming `key` unless a new object may have the key:
// 1 to MaxKeyBytes bytes of UTF-8 in Unicode's form NFC, without control characters and those that show nothing. A
// key is kept exactly, never cleaned.
func CheckKey(key string) error { return checkKey("key", key) }

// checkKey is CheckKey for another field that holds a key.
func checkKey(field, key string) error {
	if err := checkForm(field, key); err != nil {
		return err
	}

	return ident.CheckVisible(field, key)
}

// checkForm is checkKey for what may be the key of an object that exists: older ones may have characters that show
// nothing.
func checkForm(field, key string) error {
	switch {
	case len(key) < 1 || len(key) > MaxKeyBytes:
		return fault.Field(fault.Invalid, field, "A key has 1 to %d bytes; this one has %d.", MaxKeyBytes, len(key))
	case !utf8.ValidString(key):
		return fault.Field(fault.Invalid, field, "A key is UTF-8.")
	case strings.ContainsFunc(key, unicode.IsControl):
		return fault.Field(fault.Invalid, field, "A key has no control characters.")
	case !norm.NFC.IsNormalString(key):
		return fault.Field(fault.Invalid, field, "A key is in Unicode's composed form, NFC: one spelling, one object.")
	}

	return nil
}
