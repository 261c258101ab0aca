package secret

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/provenanceone/data-api/internal/fault"
)

// The bounds of a JSON secret's fields, which are listed without the value.
const (
	MaxFields         = 100
	MaxFieldNameBytes = 256
)

// fieldsOf returns the names of a JSON object's fields, in order.
//
// Every reader has to see the same object. So a name may stand in it once, at any depth, and no escape may be half of a
// surrogate pair: of those each parser makes something else.
//
// Errors: fault.Invalid naming `value`. It says which field by its place, because what stands for a name may be part of
// a value.
func fieldsOf(text []byte) ([]string, error) {
	d := jsontext.NewDecoder(bytes.NewBuffer(text))
	if open, err := d.ReadToken(); err != nil || open.Kind() != '{' {
		return nil, noObject()
	}

	names := []string{}
	for d.PeekKind() != '}' {
		name, err := readField(d)
		if err == nil {
			err = checkField(name, len(names))
		} else {
			err = unreadable(text, err, len(names)+1)
		}

		if err != nil {
			return nil, err
		}

		names = append(names, name)
	}

	_, ended := d.ReadToken()
	if _, err := d.ReadToken(); ended != nil || !errors.Is(err, io.EOF) {
		return nil, noObject()
	}

	slices.Sort(names)
	return names, nil
}

func readField(d *jsontext.Decoder) (name string, err error) {
	token, err := d.ReadToken()
	if err != nil {
		return "", err
	}

	name = token.String()
	return name, d.SkipValue()
}

func checkField(name string, before int) error {
	switch {
	case before >= MaxFields:
		return fault.Field(fault.Invalid, "value", "A JSON secret has at most %d fields; this one has more.", MaxFields)
	case name == "":
		return fault.Field(fault.Invalid, "value", "Field %d of the JSON object has no name: give it one.", before+1)
	case len(name) > MaxFieldNameBytes:
		return fault.Field(fault.Invalid, "value", "The name of field %d of the JSON object has %d bytes; %d is the "+
			"most.",
			before+1, len(name), MaxFieldNameBytes)
	case strings.ContainsRune(name, 0):
		return fault.Field(fault.Invalid, "value", "The name of field %d of the JSON object holds the character "+
			"U+0000.",
			before+1)
	}

	return nil
}

// unreadable says why a field cannot be read.
func unreadable(text []byte, err error, nth int) error {
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fault.Field(fault.Invalid, "value",
			"Field %d of the JSON object, or one within it, has the name of another field beside it.", nth)
	case jsontext.Value(text).IsValid(jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true)):
		return fault.Field(fault.Invalid, "value", "Field %d of the JSON object holds half of a surrogate pair, "+
			"which is no text.",
			nth)
	}

	return noObject()
}

func noObject() error { return fault.Field(fault.Invalid, "value", "The value is no JSON object.") }
