package config

import "testing"

func FuzzRegion(f *testing.F) {
	f.Add("europe-west1=acme-objects,europe-west1")
	f.Add("a=bbb,c,d")
	f.Fuzz(func(t *testing.T, text string) {
		var r Region
		if r.UnmarshalText([]byte(text)) == nil && r.String() != text {
			t.Fatalf("%q was read as %q", text, r)
		}
	})
}
