package scalar

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/99designs/gqlgen/graphql"
)

// maxSafe is the largest integer that a JSON number carries unharmed through every client: 2^53-1.
const maxSafe = 1<<53 - 1

// MarshalInt writes a 32-bit integer as a JSON number.
func MarshalInt(n int32) graphql.Marshaler { return graphql.MarshalInt32(n) }

// UnmarshalInt reads a 32-bit integer from a JSON integer or an Int literal; a string is not made into one.
//
// Errors: fault.Invalid for anything else, a fraction or exponent (`1.0`, `1e3`) included, and beyond 32 bits.
func UnmarshalInt(v any) (int32, error) {
	n, ok := integer(v)
	if !ok || n < math.MinInt32 || n > math.MaxInt32 {
		return 0, expected("A whole number of at most 32 bits is expected.")
	}

	return int32(n), nil
}

// MarshalBigInt writes a 64-bit integer as a decimal string, which no client rounds.
func MarshalBigInt(n int64) graphql.Marshaler {
	return graphql.MarshalString(strconv.FormatInt(n, 10))
}

// UnmarshalBigInt reads a 64-bit integer from its canonical decimal string (no plus sign, no leading zeros, no `-0`),
// or from a JSON integer or Int literal of at most 2^53-1 either way: a larger number may have been rounded before it
// was sent.
//
// Errors: fault.Invalid for anything else.
func UnmarshalBigInt(v any) (int64, error) {
	if s, isString := v.(string); isString {
		if n, err := strconv.ParseInt(s, 10, 64); err == nil && strconv.FormatInt(n, 10) == s {
			return n, nil
		}

		return 0, expected("A whole number of at most 64 bits is expected, as a decimal string without leading zeros.")
	}

	if n, ok := integer(v); ok && -maxSafe <= n && n <= maxSafe {
		return n, nil
	}

	return 0, expected("A whole number is expected: a decimal string, or a number of at most 2^53-1.")
}

// integer takes what generated code delivers for integers: int64 for literals and for variables of type Int,
// json.Number inside of variables.
func integer(v any) (n int64, ok bool) {
	var text string
	switch v := v.(type) {
	case int64:
		text = strconv.FormatInt(v, 10)
	case int:
		text = strconv.Itoa(v)
	case int32:
		text = strconv.FormatInt(int64(v), 10)
	case json.Number:
		text = v.String()
	}

	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}
