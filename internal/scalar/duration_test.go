package scalar_test

import (
	"math"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/scalar"
)

func TestDuration_ISO8601_IsWrittenCanonically(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"PT15M":                   `"PT15M"`,
		"P30D":                    `"P30D"`,
		"P2W":                     `"P14D"`,
		"PT90M":                   `"PT1H30M"`,
		"PT86400S":                `"P1D"`,
		"P1DT12H":                 `"P1DT12H"`,
		"PT0S":                    `"PT0S"`,
		"P0D":                     `"PT0S"`,
		"PT1.5S":                  `"PT1.5S"`,
		"PT0.000001S":             `"PT0.000001S"`,
		"PT0.000000999S":          `"PT0S"`,
		"PT60.123456789S":         `"PT1M0.123456S"`,
		"P0DT0H015M0.50S":         `"PT15M0.5S"`,
		"PT9223372036.854775807S": `"P106751DT23H47M16.854775S"`,
	} {
		got, err := scalar.UnmarshalDuration(sent)
		if err != nil || written(scalar.MarshalDuration(got)) != want {
			t.Errorf("%s: got %s, %v; want %s", sent, written(scalar.MarshalDuration(got)), err, want)
		}
	}
}

func TestUnmarshalDuration_AnythingElse_IsRefused(t *testing.T) {
	t.Parallel()
	for _, sent := range []any{
		nil, int64(5), 1.5, "", "P", "PT", "P1DT", "15m", "PT15", "pt15m", "P1Y", "P1M", "P1Y2M", "-PT1S", "PT-1S",
		"+PT1S", "P1W1D", "PT1M1H", "P1H",
		"PT1,5S", "PT.5S", "PT1.S", "PT1.5M", "PT1.0000000001S", " PT1S", "PT1S\n", "PT9223372036.854775808S",
		"PT9223372037S", "P106752D", "P999999999W",
		"P106751DT23H47M17S", "hunter2",
	} {
		_, err := scalar.UnmarshalDuration(sent)
		refused(t, sent, err)
	}
}

func TestMarshalDuration_Negative_BearsAMinusSign(t *testing.T) {
	t.Parallel()
	if got := written(scalar.MarshalDuration(math.MinInt64)); got != `"-P106751DT23H47M16.854775808S"` {
		t.Fatalf("got %s", got)
	}
}

func TestDuration_EveryLength_ComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := time.Duration(rapid.Int64Min(0).Draw(t, "ns")).Truncate(time.Microsecond)
		text, err := strconv.Unquote(written(scalar.MarshalDuration(d)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := scalar.UnmarshalDuration(text); err != nil || got != d {
			t.Fatalf("%s: got %v, %v; want %v", text, got, err, d)
		}
	})
}

func FuzzUnmarshalDuration(f *testing.F) {
	for _, seed := range []string{"PT15M", "P30D", "P2W", "PT9223372036.854775807S", "P1Y"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		got, err := scalar.UnmarshalDuration(sent)
		if err != nil {
			refused(t, sent, err)
			return
		}
		text, _ := strconv.Unquote(written(scalar.MarshalDuration(got)))
		if again, err := scalar.UnmarshalDuration(text); got < 0 || err != nil || again != got {
			t.Fatalf("%q was read as %v, written as %q and read as %v (%v)", sent, got, text, again, err)
		}
	})
}
