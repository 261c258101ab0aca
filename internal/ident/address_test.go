package ident_test

import (
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/provenanceone/data-api/internal/ident"
)

func TestAddress_LettersOfASCII_AreKeptInLowerCase(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Ann@Example.COM": "ann@example.com",
		"a+b@c.example":   "a+b@c.example",
		"É@X.example":     "É@x.example",
		"é@x.example":     "é@x.example",
	} {
		if got, ok := ident.Address(text); !ok || got != want {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}

// TestAddress_Lookalikes_AreNobodyElse has what other ways to compare take for an ASCII address: Unicode's lower case,
// case folding and normalization.
func TestAddress_Lookalikes_AreNobodyElse(t *testing.T) {
	t.Parallel()
	for _, lookalike := range []string{
		"\u212aate@x.example", "\u017fue@x.example", "\u0130da@x.example", "kate@x\u3002example", "\uff4bate@x.example",
		"ann@\u212a.example",
		"a\u0301@x.example", "\u212b@x.example", "ann@x.example\u037e", "a\ufffd@x.example", "a\xff@x.example",
	} {
		got, ok := ident.Address(lookalike)
		if ok && got != lookalike {
			t.Errorf("%+q is taken for %+q", lookalike, got)
		}
		if ok != (norm.NFC.IsNormalString(lookalike) && !strings.ContainsRune(lookalike, '\ufffd')) {
			t.Errorf("%+q: ok is %v", lookalike, ok)
		}
	}
}

func TestAddress_WhatIsNone_IsNone(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "ann", "ann@", "@example.com", "Ann <ann@example.com>", " ann@example.com",
		"ann@example.com ", "a@b\n", "a@b, c@d",
		strings.Repeat("a", 250) + "@b.example"} {
		if got, ok := ident.Address(text); ok {
			t.Errorf("%q was taken as %q", text, got)
		}
	}
}
