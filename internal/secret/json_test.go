package secret_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// fields is a JSON object of some fields.
func fields(n int) string {
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf(`"f%d":%d`, i, i)
	}
	return "{" + strings.Join(names, ",") + "}"
}

// notTaken are JSON objects that no secret may be, and what is said of each.
var notTaken = map[string]struct{ json, says string }{
	"NUL in a name": {`{"a":1,"b\u0000":"` + canary + `"}`,
		"The name of field 2 of the JSON object holds the character U+0000."},
	"no name": {`{"":"` + canary + `"}`, "Field 1 of the JSON object has no name: give it one."},
	"a name twice": {`{"a":1,"b":2,"a":"` + canary + `"}`,
		"Field 3 of the JSON object, or one within it, has the name of another field beside it."},
	"a name twice, escaped": {`{"a":1,"\u0061":"` + canary + `"}`,
		"Field 2 of the JSON object, or one within it, has the name of another field beside it."},
	"a name twice, within": {`{"a":[{"x":1,"x":"` + canary + `"}]}`,
		"Field 1 of the JSON object, or one within it, has the name of another field beside it."},
	"half a pair in a name": {`{"\ud83d":"` + canary + `"}`,
		"Field 1 of the JSON object holds half of a surrogate pair, which is no text."},
	"half a pair in a value": {`{"a":1,"b":{"c":"\uDE00` + canary + `"}}`,
		"Field 2 of the JSON object holds half of a surrogate pair, which is no text."},
	"too many fields": {fields(101), "A JSON secret has at most 100 fields; this one has more."},
	"a name of 257 bytes": {`{"` + strings.Repeat("n", 257) + `":1}`,
		"The name of field 1 of the JSON object has 257 bytes; 256 is the most."},
	"something after the last": {`{"a":1}1`, "The value is no JSON object."},
	"an end too early":         {`{"a":1`, "The value is no JSON object."},
}

func TestCreateAndRotate_JSONThatReadersDisagreeOn_IsRefusedByItsField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	for name, c := range notTaken {
		given := secret.ValueInput{JSON: value(c.json)}
		_, made := r.Create(t.Context(), r.acme, secret.CreateRequest{Name: "s", Value: given})
		_, rotated := r.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: given})
		for _, err := range []error{made, rotated} {
			if e := testkit.Refused(t, err, fault.Invalid, "value"); e.Say != c.says || leaks(err.Error()) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if n := r.readable(t, s.ID, 5); n != 1 || r.Count(t, `SELECT count(*) FROM secret`) != 1 {
		t.Errorf("the vault has %d versions", n)
	}
}

func TestCreate_JSONAtItsBounds_IsTaken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, given := range map[string]string{
		"fields": fields(100),
		"name": `{"` + strings.Repeat("é", 128) +
			`":1}`,
		"pair": `{"😀":"\ud83d\ude00","x":"\u0000"}`,
	} {
		s, err := r.Create(t.Context(), r.acme,
			secret.CreateRequest{Name: name, Value: secret.ValueInput{JSON: value(given)}})
		testkit.Must(t, err)
		if got := r.reveal(t, s.ID, nil); got != given || len(s.Fields) == 0 {
			t.Errorf("%s is %q with %d fields", name, got, len(s.Fields))
		}
	}
}

// FuzzFieldsOf holds that what is taken is an object to another parser too, of the same fields, which the database can
// keep.
func FuzzFieldsOf(f *testing.F) {
	for _, c := range notTaken {
		f.Add([]byte(c.json))
	}
	f.Add([]byte(` {"a":[1,null,{"b":"\ud83d\ude00"}],"é":{}} `))
	f.Fuzz(func(t *testing.T, text []byte) {
		names, err := secret.FieldsOf(text)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("%q: %v", text, err)
			}
			return
		}

		var object map[string]json.RawMessage
		if json.Unmarshal(text, &object) != nil || !slices.Equal(names, slices.Sorted(maps.Keys(object))) {
			t.Errorf("%q has the fields %q and %v", text, names, object)
		}
		for _, name := range names {
			if name == "" || len(name) > secret.MaxFieldNameBytes || strings.ContainsRune(name, 0) ||
				!utf8.ValidString(name) {
				t.Errorf("a field is called %q", name)
			}
		}
		if len(names) > secret.MaxFields {
			t.Errorf("it has %d fields", len(names))
		}
	})
}
