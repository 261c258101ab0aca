package scalar

import (
	"bytes"
	"io"
	"regexp"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

const dateTimeFormat = "2006-01-02T15:04:05.999999Z07:00"

// dateTimeForm is the date-time of RFC 3339 in capitals; time.Parse alone also takes a comma, a one-digit hour and
// offsets that do not exist.
var dateTimeForm = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// MarshalDateTime writes a point in time in UTC, to the microsecond.
func MarshalDateTime(t time.Time) graphql.Marshaler {
	return dateTime(t.UTC().Truncate(time.Microsecond))
}

// dateTime is written without a text in between: an answer is made in a bytes.Buffer.
type dateTime time.Time

// MarshalGQL implements graphql.Marshaler.
func (t dateTime) MarshalGQL(w io.Writer) {
	const quoted = `"` + dateTimeFormat + `"`
	var room []byte
	if made, ok := w.(*bytes.Buffer); ok {
		room = made.AvailableBuffer()
	}

	_, _ = w.Write(time.Time(t).AppendFormat(room, quoted))
}

// UnmarshalDateTime reads an RFC 3339 date-time with a zone. The result is in UTC and cut to the microsecond, which is
// what the database keeps.
//
// Units:  at most nine digits after the point; years 1 to 9999 in UTC.
// Errors: fault.Invalid for anything else, leap seconds included.
// Source: RFC 3339, section 5.6.
func UnmarshalDateTime(v any) (time.Time, error) {
	s, ok := v.(string)
	if ok && dateTimeForm.MatchString(s) {
		t, err := time.Parse(time.RFC3339Nano, s)
		if t = t.UTC().Truncate(time.Microsecond); err == nil && t.Year() >= 1 && t.Year() <= 9999 {
			return t, nil
		}
	}

	return time.Time{}, expected("A point in time is expected, as RFC 3339 with a zone, for example " +
		"2026-05-01T09:30:00Z.")
}
