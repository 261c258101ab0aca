package secret

import (
	"bytes"
	"encoding/base64"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/fault"
)

// MaxValueBytes is the size of the largest value.
const MaxValueBytes = 64 << 10

// ValueInput is a value as a caller sends it: exactly one of the fields.
type ValueInput struct {
	Text, JSON, Base64 *Value
	// Generate lets the server make one up.
	Generate *Generator
}

// plain is a value that was read.
type plain struct {
	value  Value
	format Format
	// fields are the names of a JSON object's top-level fields, in order.
	fields []string
}

// read checks a value and tells its format. Errors: fault.Invalid naming `value` or `length`, never quoting it.
func (g ValueInput) read() (plain, error) {
	p, err := g.pick()
	if err != nil {
		return plain{}, err
	}

	if n := p.value.Len(); n < 1 || n > MaxValueBytes {
		return plain{}, fault.Field(fault.Invalid, "value", "A secret has 1 to %d bytes; this one has %d.",
			MaxValueBytes, n)
	}

	return p, nil
}

func (g ValueInput) pick() (plain, error) {
	if given := g.given(); len(given) != 1 {
		return plain{}, fault.Field(fault.Invalid, "value", "Give exactly one of text, json, base64 and generate.")
	}

	switch {
	case g.Text != nil:
		return plain{value: *g.Text, format: Text}, nil
	case g.JSON != nil:
		fields, err := fieldsOf(g.JSON.Open())
		return plain{value: *g.JSON, format: JSON, fields: fields}, err
	case g.Base64 != nil:
		return decode(g.Base64.Open())
	}

	v, err := g.Generate.Generate()
	return plain{value: v, format: Text}, err
}

// given names the fields that are set.
func (g ValueInput) given() (names []string) {
	for name, set := range map[string]bool{
		"text":     g.Text != nil,
		"json":     g.JSON != nil,
		"base64":   g.Base64 != nil,
		"generate": g.Generate != nil,
	} {
		if set {
			names = append(names, name)
		}
	}

	return names
}

// mark is what an idempotency key compares: a keyed hash of the value, or how one is to be made up.
func (g ValueInput) mark(key []byte, p plain) any {
	if g.Generate != nil {
		return g.Generate
	}

	return []any{p.format, fingerprint(key, "", p.value)}
}

func decode(encoded []byte) (plain, error) {
	decoded := make([]byte, base64.StdEncoding.DecodedLen(len(encoded)))
	n, err := base64.StdEncoding.Strict().Decode(decoded, encoded)
	if err != nil || bytes.ContainsAny(encoded, "\r\n") { // the decoder skips line breaks
		return plain{}, fault.Field(fault.Invalid, "value", "The value is no standard base64 with padding.")
	}

	return plain{value: NewValue(decoded[:n]), format: Binary}, nil
}

// RevealedValue is a value on its way to the caller who reveals it: the whole value, or one field of a JSON object.
type RevealedValue struct {
	value  Value
	format Format
	// field is the name of the one field; nil for the whole value.
	field *string
}

// Open returns the value as text, nil when it is binary, and as bytes. It is the one place where a reveal opens a
// value.
//
// Errors: fault.NotFound naming `field` if there is no such field.
func (r RevealedValue) Open() (text *string, plain []byte, err error) {
	one := r.value
	if r.field != nil {
		var found bool
		if one, found = one.Field(*r.field); !found {
			return nil, nil, NoField()
		}
	}

	if plain = one.Open(); r.format == Binary || !utf8.Valid(plain) {
		return nil, plain, nil
	}

	s := string(plain)
	return &s, plain, nil
}
