package redact_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/redact"
)

func FuzzWriter(f *testing.F) {
	f.Add("hunter2hunter2", "another-value", "text hunter2hunter2another-value", uint8(3))
	f.Add("abcdefgh1", "h1234567", "abcdefgh1234567", uint8(1))
	f.Add("aaaaaaaaab", "aaaaaaaaaa", strings.Repeat("a", 100)+"b", uint8(7))
	f.Add("admin", "ab", "admin ab\\nadmin", uint8(2))
	f.Add(pem, awkward, pem+awkward, uint8(64))
	f.Add(strings.Repeat("long", 40), strings.Repeat("long", 40)+"er", strings.Repeat("long", 99)+"er", uint8(5))
	f.Fuzz(func(t *testing.T, one, two, text string, size uint8) {
		secrets := []redact.Secret{{Name: "(1)", Value: []byte(one)}, {Name: "(2)", Value: []byte(two), JSON: true}}
		text += base64.StdEncoding.EncodeToString([]byte(one+two)) + text + two + hex.EncodeToString([]byte(one)) + one
		set := redact.NewSet(secrets)
		want, _ := set.Redact([]byte(text))
		got, _ := chunked(t, set, []byte(text), func() int { return int(size)%64 + 1 })
		if got != string(want) {
			t.Fatalf("in pieces: %q, not %q", got, want)
		}
		for _, s := range secrets {
			checkGone(t, want, s.Value)
		}
	})
}

// checkGone looks between the marks, and only for values that are no part of a mark.
func checkGone(t *testing.T, out, value []byte) {
	t.Helper()
	const marks = "[secret:(1)@v0][secret:(2)@v0]"
	if len(bytes.TrimSpace(value)) < 8 || utf8.RuneCount(value) < 8 || strings.Contains(marks, string(value)) {
		return
	}
	for _, form := range []string{string(value), hex.EncodeToString(value),
		base64.RawStdEncoding.EncodeToString(value[:len(value)/3*3])} {
		between := strings.NewReplacer("[secret:(1)@v0]", "\x00\xff\x00", "[secret:(2)@v0]", "\x00\xff\x00").
			Replace(string(out))
		if strings.Contains(between, form) && !strings.Contains(form, "\x00") {
			t.Fatalf("%q is left in %q", form, out)
		}
	}
}
