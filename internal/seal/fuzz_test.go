package seal_test

import (
	"bytes"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/seal"
)

func FuzzOpen_OpensOnlyWhatWasSealed(f *testing.F) {
	private, public := newKey(f)
	good, err := seal.Seal(public, about, []byte("hunter2"))
	testkit.Must(f, err)
	f.Add(good, about.ID, about.Version, about.Field)
	f.Add([]byte{}, "", 0, "")
	f.Add(make([]byte, 48), about.ID, -1, "x")
	f.Fuzz(func(t *testing.T, sealed []byte, id string, version int, field string) {
		info := about
		info.ID, info.Version, info.Field = id, version, field
		plain, err := seal.Open(private, info, sealed)
		if err == nil && (!bytes.Equal(sealed, good) || info != about || string(plain) != "hunter2") {
			t.Fatalf("opened %x as %q", sealed, plain)
		}
	})
}
