package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/fault"
)

// MaxValueBytes is the size of the largest value.
const MaxValueBytes = 64 << 10

// Given is a value as a caller gives it: exactly one of the fields.
type Given struct {
	Text, JSON, Base64 *Value
}

// read checks a value and tells its format. Errors: fault.Invalid naming `value`, never quoting it.
func (g Given) read() (Value, Format, error) {
	v, format, err := g.pick()
	if err != nil {
		return Value{}, "", err
	}
	if n := v.Len(); n < 1 || n > MaxValueBytes {
		return Value{}, "", fault.Field(fault.Invalid, "value", "A secret has 1 to %d bytes; this one has %d.", MaxValueBytes, n)
	}
	return v, format, nil
}

func (g Given) pick() (Value, Format, error) {
	switch {
	case g.Text != nil && g.JSON == nil && g.Base64 == nil:
		return *g.Text, Text, nil
	case g.JSON != nil && g.Text == nil && g.Base64 == nil:
		return *g.JSON, JSON, isObject(g.JSON.Open())
	case g.Base64 != nil && g.Text == nil && g.JSON == nil:
		return decode(g.Base64.Open())
	}
	return Value{}, "", fault.Field(fault.Invalid, "value", "Give exactly one of text, json and base64.")
}

func isObject(plain []byte) error {
	var fields map[string]json.RawMessage
	if json.Unmarshal(plain, &fields) != nil || fields == nil {
		return fault.Field(fault.Invalid, "value", "The value is no JSON object.")
	}
	return nil
}

func decode(encoded []byte) (Value, Format, error) {
	plain := make([]byte, base64.StdEncoding.DecodedLen(len(encoded)))
	n, err := base64.StdEncoding.Strict().Decode(plain, encoded)
	if err != nil || bytes.ContainsAny(encoded, "\r\n") { // the decoder skips line breaks
		return Value{}, "", fault.Field(fault.Invalid, "value", "The value is no standard base64 with padding.")
	}
	return NewValue(plain[:n]), Binary, nil
}

// Revealed is a value on its way to whoever may see it.
type Revealed struct {
	value  Value
	format Format
}

// Open returns the value as text, nil when it is binary, and as bytes. It is the one place where a reveal opens a value.
func (r Revealed) Open() (text *string, plain []byte) {
	plain = r.value.Open()
	if r.format == Binary || !utf8.Valid(plain) {
		return nil, plain
	}
	s := string(plain)
	return &s, plain
}
