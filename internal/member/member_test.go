package member_test

import (
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/member"
)

func TestAddress_IsKeptInLowerCase(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Ann@Example.COM": "ann@example.com",
		"a+b@c.example":   "a+b@c.example",
		"é@x.example":     "é@x.example",
	} {
		if got, err := member.Address(text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestAddress_WhatIsNone_IsInvalidNamingIt(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "ann", "ann@", "@example.com", "Ann <ann@example.com>", " ann@example.com",
		"ann@example.com ", "a@b\n", "a@b, c@d",
		strings.Repeat("a", 250) + "@b.example"} {
		if got, err := member.Address(text); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q was taken as %q: %v", text, got, err)
		}
	}
}

func FuzzAddress(f *testing.F) {
	f.Add("Ann@Example.com")
	f.Add(`"a b"@c`)
	f.Fuzz(func(t *testing.T, text string) {
		once, err := member.Address(text)
		if err != nil {
			return
		}
		if twice, err := member.Address(once); err != nil || twice != once {
			t.Fatalf("%q is kept as %q, and that as %q, %v", text, once, twice, err)
		}
	})
}
