package ident_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
)

type thing struct{}

type id = ident.Of[thing]

const canonical = "01890a5d-ac96-774b-bcce-b302099a8057"

func TestOf_OnlyTheCanonicalForm_IsValid(t *testing.T) {
	t.Parallel()
	if v, err := id(canonical).Value(); !id(canonical).Valid() || err != nil || v != canonical {
		t.Errorf("the canonical form gives the database %v, %v", v, err)
	}
	for name, text := range map[string]string{
		"empty":      "",
		"upper case": strings.ToUpper(canonical),
		"braces": "{" + canonical +
			"}",
		"URN":        "urn:uuid:" + canonical,
		"no dashes":  strings.ReplaceAll(canonical, "-", ""),
		"space":      canonical + " ",
		"line break": canonical + "\n",
		"NUL":        canonical + "\x00",
		"short":      canonical[1:],
		"no hex":     "g" + canonical[1:],
		"SQL":        "' OR true --",
		"not UTF-8":  "\xff",
		"long":       strings.Repeat(canonical, 1000),
	} {
		if v, err := id(text).Value(); id(text).Valid() || err != nil || v != uuid.Nil.String() {
			t.Errorf("%s gives the database %v, %v", name, v, err)
		}
		if id(text).String() != text {
			t.Errorf("%s is said as %q", name, id(text))
		}
	}
}

func TestNew_SortsByTheTimeItWasMade(t *testing.T) {
	t.Parallel()
	var all []id
	for range 1000 {
		all = append(all, ident.New[thing]())
	}
	if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) ||
		slices.ContainsFunc(all, func(i id) bool { return !i.Valid() }) {
		t.Error("ids are out of order, repeated or malformed")
	}
}

func FuzzOf_WhatIsValidIsExactlyItsUUID(f *testing.F) {
	for _, seed := range []string{canonical, "", strings.ToUpper(canonical), "{" + canonical + "}", "urn:uuid:" +
		canonical} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := id(text).Value()
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := uuid.Parse(v.(string))
		if err != nil || parsed.String() != v || id(text).Valid() != (v == text) {
			t.Fatalf("%q gives the database %q", text, v)
		}
	})
}

func TestCheckName_TellsGoodNamesFromBad(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"a", "Reports 2026", "日本", strings.Repeat("ü", 120), "a%_b", "می\u200cخواهم",
		"👩\u200d💻", "❤\ufe0f", "שלום", "a\u3000b"} {
		if err := ident.CheckName("name", good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for _, bad := range []string{"", " ", " a", "a ", "a\n", "a\tb", "a\x00b", "a\u0085b", "\u00a0a",
		strings.Repeat("ü", 121),
		"a\u202eb", "a\u2066b", "a\u200eb", "a\u200bb", "a\u200cb", "a\u200db", "a\ufe0fb", "a\ufeff", "a\u00adb",
		"\u3164", "a\u2028b", "a\u2800", "a\u034fb", "u\u0308"} {
		var e *fault.Error
		if err := ident.CheckName("label", bad); !errors.As(err, &e) || e.Kind != fault.Invalid ||
			e.Details["field"] != "label" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestIsBlank_NothingToSee(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"":                    true,
		" \t\n":               true,
		"\u200b":              true,
		" \u3164\u2800\u202e": true,
		"\u00a0":              true,
		"a":                   false,
		" . ":                 false,
		"日":                   false,
		"\u200b1":             false,
	} {
		if got := ident.IsBlank(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestCheckDescription_CountsCharacters(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("ü", 2000)
	longer := longest + "x"
	if err := errors.Join(ident.CheckDescription("description", nil),
		ident.CheckDescription("description", &longest)); err != nil {
		t.Error(err)
	}
	if err := ident.CheckDescription("description", &longer); !fault.Is(err, fault.Invalid) {
		t.Errorf("got %v", err)
	}
}
