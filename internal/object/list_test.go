package object_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestList_ByPrefix_TakesItLiterallyAndSortsByBytes(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	all := []string{"A", "a", "a%b", "a/b", "aXb", "a_b", "ab", "b", `c\d`, "z", "é", "é/1", "ê", "日本",
		"\U0001F9EA", "\uFFFD"}
	r.plant(t, all...)
	slices.Sort(all)
	for prefix, want := range map[string][]string{
		"": all,
		"a": {"a", "a%b", "a/b", "aXb", "a_b",
			"ab"},
		"a%":           {"a%b"},
		"a_":           {"a_b"},
		"a/":           {"a/b"},
		"%":            {},
		"_":            {},
		`c\`:           {`c\d`},
		"é":            {"é", "é/1"},
		"日":            {"日本"},
		"\U0001F9EA":   {"\U0001F9EA"},
		"zz":           {},
		"' OR true --": {},
		"\U0010FFFF":   {},
	} {
		if got, _ := r.list(t, prefix, 100, nil); !slices.Equal(got, want) {
			t.Errorf("below %q: %q, want %q", prefix, got, want)
		}
	}
}

func TestList_ByCursorOver250Keys_HasNoGapAndNoRepeat(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var keys []string
	for i := range 250 {
		keys = append(keys, fmt.Sprintf("k/%d/%s", i, []string{"<&>", "ü", `"\`, "🧪"}[i%4]))
	}
	r.plant(t, keys...)
	r.plant(t, "j", "l")
	slices.Sort(keys)
	for _, first := range []int32{1, 7, 50, 100} {
		var got []string
		var after *string
		for more := true; more; {
			some, p := r.list(t, "k/", first, after)
			if p.HasPrevious != (after != nil) || len(some) == 0 {
				t.Fatalf("after %d keys: %+v", len(got), p)
			}
			got = append(got, some...)
			after, more = new(p.Keys[len(p.Keys)-1].Cursor()), p.HasNext
		}
		if !slices.Equal(got, keys) {
			t.Errorf("in pages of %d there are %d keys", first, len(got))
		}
	}
}

func TestList_AfterAKeyThatIsGone_GoesOnWhereItWas(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.plant(t, "a", "c", "d")
	past := func(prefix, key string) *string {
		_, p := r.list(t, prefix, 1, nil)
		return new(page.Key{p.Keys[0][0], key}.Cursor()) // its mark, and another place
	}
	if got, _ := r.list(t, "", 10, past("", "b")); !slices.Equal(got, []string{"c", "d"}) {
		t.Errorf("got %v", got)
	}
	if got, _ := r.list(t, "c", 10, past("c", "a")); !slices.Equal(got, []string{"c"}) {
		t.Errorf("a cursor before the prefix gives %v", got)
	}
	if got, _ := r.list(t, "a", 10, past("a", "b")); len(got) != 0 {
		t.Errorf("a cursor past the prefix gives %v", got)
	}
	longest := strings.Repeat("<", 900)
	r.plant(t, longest)
	if got, _ := r.list(t, "", 10, past("", longest)); !slices.Equal(got, []string{"a", "c", "d"}) {
		t.Errorf("after the longest cursor come %.80v", got)
	}
}

func TestList_OfAForeignOrUnknownDatastore_IsEmpty(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.plant(t, "a")
	for _, in := range []datastore.ID{r.in, "", "x", "01890a5d-ac96-774b-bcce-b302099a8057"} {
		p, err := r.objects.List(bg, r.globex, []datastore.ID{in}, object.Filter{}, page.Request{First: 10})
		testkit.Must(t, err)
		if len(p[0].Items) != 0 {
			t.Errorf("globex sees %v", p[0].Items)
		}
	}
}
