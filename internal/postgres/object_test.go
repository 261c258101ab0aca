package postgres

import (
	"testing"

	"pgregory.net/rapid"
)

func TestPrefixEnd_StandsJustAfterWhatStartsSo(t *testing.T) {
	t.Parallel()
	for prefix, want := range map[string]string{
		"":                      "",
		"a":                     "b",
		"a/":                    "a0",
		"ab\U0010FFFF":          "ac",
		"\U0010FFFF":            "",
		"\uD7FF":                "\uE000",
		"z\U0010FFFF\U0010FFFF": "{",
		"é":                     "ê",
	} {
		if got := prefixEnd(prefix); got != want {
			t.Errorf("after %q stands %q, want %q", prefix, got, want)
		}
	}
}

func TestPrefixEnd_AnyText_IsBeforeItExactlyIfItStartsSoOrSortsBefore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		prefix, rest := rapid.String().Draw(t, "prefix"), rapid.String().Draw(t, "rest")
		end := prefixEnd(prefix)
		if end == "" {
			return
		}
		if key := prefix + rest; key >= end {
			t.Fatalf("%q starts with %q and is not before %q", key, prefix, end)
		}
		if end <= prefix {
			t.Fatalf("%q is not after %q", end, prefix)
		}
	})
}
