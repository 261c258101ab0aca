package command

import (
	"testing"

	"github.com/provenanceone/data-api/client/runtime"
)

func TestParseVariable_OfEachForm_ReadsNameIDAndField(t *testing.T) {
	t.Parallel()
	const id = "01980000-0000-7000-8000-00000000ac3e"
	for text, want := range map[string]variable{
		"KEY=stripe/api-key":            {name: "KEY", secretName: "stripe/api-key"},
		"KEY=stripe/api-key.v2#a.b#c=d": {name: "KEY", secretName: "stripe/api-key.v2", secret: field("", "a.b#c=d")},
		"KEY=" + id:                     {name: "KEY", secret: field(id, "")},
		"KEY=" + id + "#a.b":            {name: "KEY", secret: field(id, "a.b")},
		"KEY=" + id + ".a#b":            {name: "KEY", secret: field(id, "a#b")},
		"KEY=" + id + "0":               {name: "KEY", secretName: id + "0"},
	} {
		if got, ok := parseVariable(text); !ok || got != want {
			t.Errorf("%s is read as %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "KEY", "KEY=", "=db", "KEY=#field", "KEY=db#", "KEY=" + id + "#", "K\x00Y=db",
		"KEY=01980000-0000-7000-8000-00000000AC3E"} {
		if got, ok := parseVariable(text); ok {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

func field(id, name string) runtime.Secret { return runtime.Secret{ID: id, Field: name} }
