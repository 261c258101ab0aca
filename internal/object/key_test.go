package object_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
)

func FuzzCheckKey_WhatItAllowsIsCleanAndWhatItRefusesIsNotEchoed(f *testing.F) {
	for _, seed := range []string{"a", "", "../x", "a\x00", "\xff", "u\u0308", "ü", "\u212b", "\u0085", "\u200b",
		strings.Repeat("k", 901), "\U0010FFFF", "\uFFFE"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, key string) {
		err := object.CheckKey(key)
		if err == nil {
			clean := utf8.ValidString(key) && norm.NFC.String(key) == key &&
				!strings.ContainsFunc(key, unicode.IsControl)
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

func TestCheckKey_WhatShowsNothing_IsRefused(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"\u202egpj.exe", "a\u200bb", "a\u200db", "\ufeffa", "a\u2028b", "a\u200f"} {
		if e := wantKindOf(object.CheckKey(key)); e == nil {
			t.Errorf("%q is allowed", key)
		}
	}
}

func TestFindAt_KeyOfBefore_IsThereStill(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.keep(t, "gpj.exe", "text/plain", "x")
	const before = "\u202egpj.exe"
	if _, err := r.Super.ExecContext(t.Context(), `UPDATE object SET key = $1`, before); err != nil {
		t.Fatal(err)
	}
	found, err := r.objects.FindAt(t.Context(), r.acme, []datastore.ID{r.in}, before)
	if err != nil || found[0] == nil || found[0].Key != before {
		t.Errorf("got %v, %v", found, err)
	}
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
