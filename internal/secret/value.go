package secret

import (
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[secret]"

// Value holds the plaintext of a secret and redacts itself wherever it is printed, logged or encoded.
//
// It wraps a function, so that reflection-based printers (spew, cmp, any verb on a parent's hidden field) see an
// address, never bytes: given a verb that does not fit, fmt follows a pointer that it finds in a hidden field.
type Value struct {
	plain func() *[]byte
}

// NewValue wraps plaintext. The caller must not keep or change the bytes.
func NewValue(plain []byte) Value { return Value{plain: func() *[]byte { return &plain }} }

// Open returns the plaintext. An architecture test lists the only places that may call it.
func (v Value) Open() []byte {
	if v.plain == nil {
		return nil
	}

	return *v.plain()
}

// Len returns the length of the plaintext in bytes.
func (v Value) Len() int { return len(v.Open()) }

// Wipe overwrites the plaintext with zeros; the value is empty afterwards.
func (v Value) Wipe() {
	if v.plain == nil {
		return
	}

	plain := v.plain()
	clear(*plain)
	*plain = nil
}

// Format prints the redaction mark, whatever the verb.
func (v Value) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String returns the redaction mark.
func (v Value) String() string { return redacted }

// GoString returns the redaction mark.
func (v Value) GoString() string { return redacted }

// LogValue returns the redaction mark.
func (v Value) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns the redaction mark: JSON, XML and YAML encoders all come here.
func (v Value) MarshalText() ([]byte, error) { return []byte(redacted), nil }
