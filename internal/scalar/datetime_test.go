package scalar_test

import (
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/scalar"
)

func TestDateTime_RFC3339_IsWrittenInUTC(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"2026-05-01T09:30:00Z":                `"2026-05-01T09:30:00Z"`,
		"2026-05-01T09:30:00+02:00":           `"2026-05-01T07:30:00Z"`,
		"2026-05-01T09:30:00-00:00":           `"2026-05-01T09:30:00Z"`,
		"2026-05-01T09:30:00.5Z":              `"2026-05-01T09:30:00.5Z"`,
		"2026-05-01T09:30:00.123456789Z":      `"2026-05-01T09:30:00.123456Z"`,
		"9999-12-31T23:59:59.999999999Z":      `"9999-12-31T23:59:59.999999Z"`,
		"0001-01-01T00:00:00Z":                `"0001-01-01T00:00:00Z"`,
		"2024-02-29T00:00:00.000000000+23:59": `"2024-02-28T00:01:00Z"`,
	} {
		got, err := scalar.UnmarshalDateTime(sent)
		if err != nil || written(scalar.MarshalDateTime(got)) != want {
			t.Errorf("%s: got %s, %v; want %s", sent, written(scalar.MarshalDateTime(got)), err, want)
		}
	}
}

func TestUnmarshalDateTime_AnythingElse_IsRefused(t *testing.T) {
	t.Parallel()
	for _, sent := range []any{
		nil, int64(0), true, "", "hunter2", "2026-05-01", "2026-05-01T09:30:00", "2026-05-01 09:30:00Z",
		"2026-05-01t09:30:00z",
		"2026-05-01T9:30:00Z", "2026-05-01T09:30Z", "2026-05-01T09:30:00,5Z", "2026-05-01T09:30:00.Z",
		"2026-05-01T09:30:00.1234567890Z",
		"2026-05-01T24:00:00Z", "2026-06-30T23:59:60Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
		"2026-05-01T09:30:00+24:00",
		"2026-05-01T09:30:00+0200", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
		"2026-05-01T09:30:00Z\n",
	} {
		_, err := scalar.UnmarshalDateTime(sent)
		refused(t, sent, err)
	}
}

func TestDateTime_EveryMicrosecond_ComesBack(t *testing.T) {
	t.Parallel()
	first, last := time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).
		UnixMicro(), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).UnixMicro()
	rapid.Check(t, func(t *rapid.T) {
		at := time.UnixMicro(rapid.Int64Range(first, last).Draw(t, "µs"))
		text, err := strconv.Unquote(written(scalar.MarshalDateTime(at)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := scalar.UnmarshalDateTime(text); err != nil || !got.Equal(at) {
			t.Fatalf("%s: got %v, %v", text, got, err)
		}
	})
}

func FuzzUnmarshalDateTime(f *testing.F) {
	for _, seed := range []string{"2026-05-01T09:30:00Z", "2026-05-01T09:30:00.5+02:00", "2026-05-01T9:30:00Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		got, err := scalar.UnmarshalDateTime(sent)
		if err != nil {
			refused(t, sent, err)
			return
		}
		text, _ := strconv.Unquote(written(scalar.MarshalDateTime(got)))
		if again, err := scalar.UnmarshalDateTime(text); err != nil || !again.Equal(got) {
			t.Fatalf("%q was read as %v, written as %q and read as %v (%v)", sent, got, text, again, err)
		}
	})
}
