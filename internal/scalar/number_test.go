package scalar_test

import (
	"encoding/json"
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/scalar"
)

func TestUnmarshalInt_32BitInteger_IsRead(t *testing.T) {
	t.Parallel()
	for sent, want := range map[any]int32{
		int64(-1):                 -1,
		7:                         7,
		int32(7):                  7,
		json.Number("0"):          0,
		json.Number("2147483647"): math.MaxInt32,
		int64(math.MinInt32):      math.MinInt32,
	} {
		if got, err := scalar.UnmarshalInt(sent); err != nil || got != want {
			t.Errorf("%#v: got %d, %v", sent, got, err)
		}
	}
}

func TestUnmarshalInt_AnythingElse_IsRefused(t *testing.T) {
	t.Parallel()
	for _, sent := range []any{nil, "5", 1.0, true, json.Number("1.0"), json.Number("1e3"), json.Number("2147483648"),
		int64(math.MinInt32) - 1, []any{int64(1)}} {
		_, err := scalar.UnmarshalInt(sent)
		refused(t, sent, err)
	}
}

func TestUnmarshalBigInt_CanonicalStringOrSafeNumber_IsRead(t *testing.T) {
	t.Parallel()
	for sent, want := range map[any]int64{
		"0":                             0,
		"-1":                            -1,
		"9223372036854775807":           math.MaxInt64,
		"-9223372036854775808":          math.MinInt64,
		json.Number("9007199254740991"): 1<<53 - 1,
		int64(-9007199254740991):        -(1<<53 - 1),
		int64(5):                        5,
	} {
		if got, err := scalar.UnmarshalBigInt(sent); err != nil || got != want {
			t.Errorf("%#v: got %d, %v", sent, got, err)
		}
	}
}

func TestUnmarshalBigInt_AnythingElse_IsRefused(t *testing.T) {
	t.Parallel()
	for _, sent := range []any{
		nil, "", "-", "+1", "01", "-0", " 1", "1 ", "0x10", "1_000", "1.0", "1e3", "9223372036854775808",
		"hunter2", 1.0, true,
		json.Number("9007199254740992"), json.Number("-9007199254740992"), json.Number("1.0"), json.Number("1e400"),
		int64(1 << 53), []any{"1"},
	} {
		_, err := scalar.UnmarshalBigInt(sent)
		refused(t, sent, err)
	}
}

func TestBigInt_EveryInteger_GoesOutAsAStringAndComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64().Draw(t, "n")
		text, err := strconv.Unquote(written(scalar.MarshalBigInt(n)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := scalar.UnmarshalBigInt(text); err != nil || got != n {
			t.Fatalf("got %d, %v; want %d", got, err, n)
		}
	})
}

func TestInt_EveryInteger_ComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int32().Draw(t, "n")
		if got, err := scalar.UnmarshalInt(json.Number(written(scalar.MarshalInt(n)))); err != nil || got != n {
			t.Fatalf("got %d, %v; want %d", got, err, n)
		}
	})
}

func FuzzUnmarshalBigInt(f *testing.F) {
	for _, seed := range []string{"0", "-0", "9223372036854775807", "+1", "1e3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		n, err := scalar.UnmarshalBigInt(sent)
		if err == nil && strconv.FormatInt(n, 10) != sent {
			t.Fatalf("%q was read as %d", sent, n)
		}
		if _, err := scalar.UnmarshalInt(json.Number(sent)); err != nil {
			refused(t, sent, err)
		}
	})
}
