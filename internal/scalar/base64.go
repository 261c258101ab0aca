package scalar

import (
	"encoding/base64"
	"io"

	"github.com/99designs/gqlgen/graphql"
)

// MarshalBase64 writes bytes in standard base64 with padding.
func MarshalBase64(b []byte) graphql.Marshaler {
	return bounded(func(w io.Writer) {
		_, _ = io.WriteString(w, `"`)
		encoder := base64.NewEncoder(base64.StdEncoding, w)
		_, _ = encoder.Write(b)
		_ = encoder.Close()
		_, _ = io.WriteString(w, `"`)
	})
}

// UnmarshalBase64 reads bytes from standard base64 with padding. Bytes have exactly one form: line breaks and loose
// trailing bits are refused.
//
// Errors: fault.Invalid for anything else.
// Source: RFC 4648, sections 3.5 and 4.
func UnmarshalBase64(v any) ([]byte, error) {
	s, ok := v.(string)
	if ok {
		// The decoder skips line breaks, so the answer is compared with what was asked.
		b, err := base64.StdEncoding.Strict().DecodeString(s)
		if err == nil && base64.StdEncoding.EncodedLen(len(b)) == len(s) {
			return b, nil
		}
	}

	return nil, expected("Bytes are expected, in standard base64 with padding.")
}
