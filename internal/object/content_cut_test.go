package object

import (
	"testing"
)

func TestContentOf_TextThatIsCut_EndsWithAWholeCharacter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first string
		size  int64
		want  string
		text  bool
	}{
		"one byte of two":        {"a\xc3", 9, "a", true},
		"one byte of four":       {"a\xf0", 9, "a", true},
		"three bytes of four":    {"a\xf0\x9f\xa7", 9, "a", true},
		"whole":                  {"a\xf0\x9f\xa7\xaa", 9, "a\xf0\x9f\xa7\xaa", true},
		"plain":                  {"abc", 9, "abc", true},
		"nothing but a part":     {"\xf0\x9f", 9, "", true},
		"the end of the object":  {"a\xc3", 2, "a\xc3", false},
		"bytes, cut like text":   {"\xff\xc3", 9, "\xff\xc3", false},
		"bytes that go on":       {"a\x9f\x9f\x9f\x9f", 9, "a\x9f\x9f\x9f\x9f", false},
		"bytes, nothing of text": {"a\xff", 9, "a\xff", false},
		"empty":                  {"", 0, "", true},
		"nothing read":           {"", 9, "", true},
	} {
		got := contentOf(Version{SizeBytes: c.size}, []byte(c.first))
		if string(got.Bytes) != c.want || (got.Text() != nil) != c.text ||
			got.Truncated != (c.size > int64(len(c.first))) {
			t.Errorf("%s: %q, truncated %t, text %t", name, got.Bytes, got.Truncated, got.Text() != nil)
		}
	}
}
