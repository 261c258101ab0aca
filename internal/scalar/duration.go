package scalar

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// durationForm has one group a unit, in the order of durationUnits, and one for the fraction of the seconds.
var durationForm = regexp.MustCompile(`^P(?:(\d{1,9})W|(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,10})(?:\.(\d{1,9}))?S)?)?)$`)

var durationUnits = []time.Duration{week, day, time.Hour, time.Minute, time.Second}

// MarshalDuration writes a length of time in days, hours, minutes and seconds, for example `PT15M`, `P30D`, `P1DT12H`
// and `PT0S`.
//
// A day is 24 hours. A negative length, which no field has, would bear a minus sign in front.
func MarshalDuration(d time.Duration) graphql.Marshaler {
	return graphql.MarshalString(formatDuration(d))
}

// UnmarshalDuration reads a length of time as ISO 8601 writes it: `PnW`, or days, hours, minutes and seconds with up
// to nine decimals. Years and months are no fixed length and are refused, as are signs. The result is cut to the
// microsecond, which is what the database keeps.
//
// Units:  0 to about 292 years.
// Errors: fault.Invalid for anything else.
// Source: ISO 8601-1:2019, section 5.5.2.
func UnmarshalDuration(v any) (time.Duration, error) {
	if s, ok := v.(string); ok {
		if d, ok := parseDuration(s); ok {
			return d.Truncate(time.Microsecond), nil
		}
	}

	return 0, expected("A length of time is expected, as ISO 8601 in weeks, or in days, hours, minutes and seconds, " +
		"for example PT15M or P30D.")
}

func parseDuration(s string) (time.Duration, bool) {
	parts := durationForm.FindStringSubmatch(s)
	if parts == nil || strings.HasSuffix(s, "P") || strings.HasSuffix(s, "T") {
		return 0, false
	}

	var total time.Duration
	for i, unit := range durationUnits {
		n, _ := strconv.ParseInt("0"+parts[i+1], 10, 64)
		if n > int64((math.MaxInt64-total)/unit) {
			return 0, false
		}

		total += time.Duration(n) * unit
	}

	nanos, _ := strconv.ParseInt((parts[6] + "000000000")[:9], 10, 64)
	return total + time.Duration(nanos), total <= math.MaxInt64-time.Duration(nanos)
}

func formatDuration(d time.Duration) string {
	if d == 0 {
		return "PT0S"
	}

	var out strings.Builder
	if d < 0 {
		out.WriteByte('-')
	}

	out.WriteByte('P')
	left := writeUnit(&out, d, day, 'D')
	if left != 0 {
		out.WriteByte('T')
	}

	left = writeUnit(&out, left, time.Hour, 'H')
	left = writeUnit(&out, left, time.Minute, 'M')
	writeSeconds(&out, left)
	return out.String()
}

// writeUnit writes how many whole units a length has, and returns the rest, which has the same sign.
func writeUnit(out *strings.Builder, left, unit time.Duration, letter byte) time.Duration {
	if n := left / unit; n != 0 {
		out.WriteString(digits(n))
		out.WriteByte(letter)
	}

	return left % unit
}

func writeSeconds(out *strings.Builder, left time.Duration) {
	if left == 0 {
		return
	}

	out.WriteString(digits(left / time.Second))
	if nanos := left % time.Second; nanos != 0 {
		nine := ("000000000" + digits(nanos))[len(digits(nanos)):]
		out.WriteString("." + strings.TrimRight(nine, "0"))
	}

	out.WriteByte('S')
}

// digits writes a number without its sign; parts of the smallest duration can be negated, while itself it cannot.
func digits(n time.Duration) string { return strconv.FormatInt(max(int64(n), -int64(n)), 10) }
