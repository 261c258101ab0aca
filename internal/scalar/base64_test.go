package scalar_test

import (
	"bytes"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/scalar"
)

func TestUnmarshalBase64_AnythingButTheOneForm_IsRefused(t *testing.T) {
	t.Parallel()
	for _, sent := range []any{nil, int64(1), []byte("x"), "a", "YQ", "YQ=", "YQ===", "YR==", "Y Q==", "YQ==\n",
		"Y\nQ==", "-_-_", "hunter2"} {
		_, err := scalar.UnmarshalBase64(sent)
		refused(t, sent, err)
	}
}

func TestBase64_EveryByte_ComesBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		sent := rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
		text, err := strconv.Unquote(written(scalar.MarshalBase64(sent)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := scalar.UnmarshalBase64(text); err != nil || !bytes.Equal(got, sent) {
			t.Fatalf("got %x, %v; want %x", got, err, sent)
		}
	})
}

func FuzzUnmarshalBase64(f *testing.F) {
	for _, seed := range []string{"", "YQ==", "YQ=\n=", "YR=="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		got, err := scalar.UnmarshalBase64(sent)
		if err == nil && written(scalar.MarshalBase64(got)) != strconv.Quote(sent) {
			t.Fatalf("%q was read as %x", sent, got)
		}
	})
}
