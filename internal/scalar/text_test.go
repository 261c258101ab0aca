package scalar_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/scalar"
)

func TestUnmarshalString_AnythingButCleanText_IsRefused(t *testing.T) {
	t.Parallel()
	for _, sent := range []any{nil, int64(1), json.Number("1"), 1.5, true, []any{"a"}, map[string]any{}, "hunter2\x00",
		"hunter2\xff", "hunter2\xed\xa0\x80"} {
		_, err := scalar.UnmarshalString(sent)
		refused(t, sent, err)
		_, err = scalar.UnmarshalID(sent)
		refused(t, sent, err)
		_, err = scalar.UnmarshalSecretString(sent)
		refused(t, sent, err)
	}
}

func TestString_CleanText_ComesBackAsItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sent := strings.ReplaceAll(rapid.String().Draw(t, "text"), "\x00", "")
		got, err := scalar.UnmarshalString(sent)
		if err != nil {
			t.Fatal(err)
		}
		var back string
		if err := json.Unmarshal([]byte(written(scalar.MarshalString(got))), &back); err != nil || back != sent {
			t.Fatalf("got %q (%v), want %q", back, err, sent)
		}
	})
}

func TestUnmarshalID_MalformedUUID_IsAnIDAllTheSame(t *testing.T) {
	t.Parallel()
	id, err := scalar.UnmarshalID("not a uuid")
	if err != nil || id != "not a uuid" || written(scalar.MarshalID(id)) != `"not a uuid"` {
		t.Fatalf("got %q, %v", id, err)
	}
}

func TestMarshalSecretString_Value_IsRedacted(t *testing.T) {
	t.Parallel()
	value, err := scalar.UnmarshalSecretString("hunter2")
	if err != nil || string(value.Open()) != "hunter2" {
		t.Fatalf("the value did not arrive: %v", err)
	}
	if got := written(scalar.MarshalSecretString(value)); got != `"[secret]"` {
		t.Fatalf("got %s", got)
	}
}

func FuzzUnmarshalString(f *testing.F) {
	f.Add("plain")
	f.Add("\x00")
	f.Add("\xed\xa0\x80")
	f.Fuzz(func(t *testing.T, sent string) {
		got, err := scalar.UnmarshalString(sent)
		if clean := utf8.ValidString(sent) && !strings.Contains(sent, "\x00"); clean != (err == nil) {
			t.Fatalf("%q: got error %v", sent, err)
		}
		if got != sent {
			t.Fatalf("%q became %q", sent, got)
		}
	})
}
