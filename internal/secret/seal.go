package secret

import (
	"bytes"
	"encoding/json"

	"github.com/provenanceone/data-api/internal/seal"
)

// Seal returns the value sealed to a public key. It is the one place where a value is opened to be sealed. Errors:
// those of seal.Seal.
func (v Value) Seal(key []byte, info seal.Info) ([]byte, error) {
	return seal.Seal(key, info, v.Open())
}

// Field returns one top-level field of a JSON object: the text of a string, the JSON of anything else. It is a value
// of its own.
func (v Value) Field(name string) (one Value, found bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(v.Open(), &fields) != nil {
		return Value{}, false
	}

	raw, found := fields[name]
	var text string
	if found && bytes.HasPrefix(raw, []byte(`"`)) && json.Unmarshal(raw, &text) == nil {
		raw = []byte(text)
	}

	return NewValue(raw), found
}

// Clone returns a value of its own, which lives on when the other is wiped.
func (v Value) Clone() Value { return NewValue(bytes.Clone(v.Open())) }
