package scalar

import (
	"strings"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/internal/secret"
)

// MarshalString writes a string.
func MarshalString(s string) graphql.Marshaler {
	text := graphql.MarshalString(s)
	if len(s) <= shortText {
		return text
	}

	return bounded(text.MarshalGQL)
}

// UnmarshalString reads a string; numbers and booleans are not made into one.
//
// Errors: fault.Invalid for anything but a string, and for one with U+0000 or invalid UTF-8 (a lone surrogate, for
// example): neither the database nor JSON can hold them.
func UnmarshalString(v any) (string, error) {
	s, ok := v.(string)
	if !ok {
		return "", expected("A string is expected.")
	}

	return s, checkText(s)
}

// MarshalID writes an id.
func MarshalID(id string) graphql.Marshaler { return graphql.MarshalString(id) }

// UnmarshalID reads an id, which is always a string: a number names nothing. Any string will do, for one that is
// malformed is an unknown id.
//
// Errors: fault.Invalid, as UnmarshalString.
func UnmarshalID(v any) (string, error) {
	id, ok := v.(string)
	if !ok {
		return "", expected("An id is expected, as a string.")
	}

	return id, checkText(id)
}

// MarshalSecretString writes the redaction mark: the scalar is for input only.
func MarshalSecretString(v secret.Value) graphql.Marshaler { return graphql.MarshalString(v.String()) }

// UnmarshalSecretString reads a string into a value that redacts itself.
//
// Errors: fault.Invalid, as UnmarshalString.
func UnmarshalSecretString(v any) (secret.Value, error) {
	s, err := UnmarshalString(v)
	if err != nil {
		return secret.Value{}, err
	}

	return secret.NewValue([]byte(s)), nil
}

func checkText(s string) error {
	switch {
	case !utf8.ValidString(s):
		return expected("Text must be valid Unicode, without lone surrogates.")
	case strings.IndexByte(s, 0) >= 0:
		return expected("Text must not contain the character U+0000.")
	}

	return nil
}
