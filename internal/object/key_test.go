package object_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
)

func FuzzCheckKey_WhatItAllowsIsCleanAndWhatItRefusesIsNotEchoed(f *testing.F) {
	for _, seed := range []string{"a", "", "../x", "a\x00", "\xff", "u\u0308", "ü", "\u212b", "\u0085", "\u200b", strings.Repeat("k", 901), "\U0010FFFF", "\uFFFE"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, key string) {
		err := object.CheckKey(key)
		if err == nil {
			clean := utf8.ValidString(key) && norm.NFC.String(key) == key && !strings.ContainsFunc(key, unicode.IsControl)
			if !clean || len(key) < 1 || len(key) > 900 {
				t.Fatalf("%q is allowed", key)
			}
			return
		}
		if e := wantKindOf(err); e == nil || len(key) > 12 && strings.Contains(e.Say, key) {
			t.Fatalf("%q is refused by %v", key, err)
		}
	})
}

func wantKindOf(err error) *fault.Error {
	e, ok := err.(*fault.Error) //nolint:errorlint // it is given as it is
	if !ok || e.Kind != fault.Invalid || e.Details["field"] != "key" {
		return nil
	}
	return e
}

func TestExpiryOf_IsAWholeSecondNotBeforeItsLifeIsOver(t *testing.T) {
	t.Parallel()
	base := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	for _, past := range []time.Duration{0, 1, time.Second / 2, time.Second - 1} {
		got := object.ExpiryOf(base.Add(past), time.Minute)
		want := base.Add(time.Minute)
		if past > 0 {
			want = want.Add(time.Second)
		}
		if !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s after the second: %s, want %s", past, got, want)
		}
	}
}
