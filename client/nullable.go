package client

import "encoding/json"

// Nullable is a field of an update: it changes the field, or clears it. A nil *Nullable leaves the field as it is.
type Nullable[T any] struct{ value *T }

// These are the fields of updates that can be cleared.
type (
	// NullableString is a text, or a size in bytes in decimal.
	NullableString = Nullable[string]
	// NullableStrings is a list of texts.
	NullableStrings = Nullable[[]string]
	// NullableInt is a number.
	NullableInt = Nullable[int]
	// NullableRotation is the schedule of a secret's rotation.
	NullableRotation = Nullable[RotationScheduleInput]
)

// Labels are the labels that an update puts on a thing, in place of all that it has: an empty list takes all off, and a
// nil *Labels leaves them.
type Labels []LabelInput

// Set changes a field to value.
func Set[T any](value T) *Nullable[T] { return &Nullable[T]{&value} }

// Null clears a field.
func Null[T any]() *Nullable[T] { return &Nullable[T]{} }

// MarshalJSON writes the value, or null.
func (n Nullable[T]) MarshalJSON() ([]byte, error) { return json.Marshal(n.value) }
