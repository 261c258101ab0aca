package scalar_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/provenanceone/data-api/internal/scalar"
)

func decoded(t testing.TB, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		t.Skip("no JSON")
	}
	return v
}

func nested(depth int) any {
	var v any = "leaf"
	for range depth {
		v = map[string]any{"a": v}
	}
	return v
}

func TestJSONObject_Object_ComesBackWithItsDigits(t *testing.T) {
	t.Parallel()
	const text = `{"a":[1,2.50,12345678901234567890,null,true,"<&>"],"b":{}}`
	got, err := scalar.UnmarshalJSONObject(decoded(t, text))
	if err != nil || written(scalar.MarshalJSONObject(got)) != text {
		t.Fatalf("got %s, %v", written(scalar.MarshalJSONObject(got)), err)
	}
}

func TestMarshalJSONObject_Nil_IsTheEmptyObject(t *testing.T) {
	t.Parallel()
	if got := written(scalar.MarshalJSONObject(nil)); got != "{}" {
		t.Fatalf("got %s", got)
	}
}

func TestUnmarshalJSONObject_AtTheDepthLimit_IsRead(t *testing.T) {
	t.Parallel()
	if _, err := scalar.UnmarshalJSONObject(nested(scalar.MaxObjectDepth)); err != nil {
		t.Fatal(err)
	}
}

func TestUnmarshalJSONObject_AnythingElse_IsRefused(t *testing.T) {
	t.Parallel()
	for _, sent := range []any{
		nil, "hunter2", int64(1), true, []any{}, nested(scalar.MaxObjectDepth + 1), map[string]any{
			"a": nested(19),
			"b": []any{nested(19)},
		},
		map[string]any{"a\x00": 1}, map[string]any{"a": "hunter2\xff"}, map[string]any{"a": []any{"\x00"}},
		map[string]any{"a": struct{}{}},
	} {
		_, err := scalar.UnmarshalJSONObject(sent)
		refused(t, sent, err)
	}
}

func FuzzUnmarshalJSONObject(f *testing.F) {
	f.Add(`{"a":[1,{"b":null}]}`)
	f.Add(`{"a":"\u0000"}`)
	f.Add(strings.Repeat(`{"a":`, 21) + "1" + strings.Repeat("}", 21))
	f.Fuzz(func(t *testing.T, text string) {
		sent := decoded(t, text)
		got, err := scalar.UnmarshalJSONObject(sent)
		if err != nil {
			refused(t, sent, err)
			return
		}
		if diff := cmp.Diff(sent, decoded(t, written(scalar.MarshalJSONObject(got)))); diff != "" {
			t.Fatal(diff)
		}
	})
}
