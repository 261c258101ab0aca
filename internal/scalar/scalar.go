// Package scalar reads and writes the scalars of the contract, strictly: what a caller sends is either exactly one
// value or refused.
//
// The functions come in pairs, MarshalX and UnmarshalX, as generated code binds them. An UnmarshalX takes a literal of
// a document (string, int64, float64, bool, []any, map[string]any) or a decoded JSON variable (the same, with
// json.Number for numbers). Every error is a fault.Invalid whose sentence says what is expected and never repeats what
// was sent.
package scalar

import "github.com/provenanceone/data-api/internal/fault"

func expected(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, format, args...)
}
