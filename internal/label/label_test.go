package label_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/label"
)

func field(err error) any {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid {
		return nil
	}
	return f.Details["field"]
}

func TestSorted_EachRule_NamesThePartAtFault(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("k", 63)
	for name, c := range map[string]struct {
		key, value string
		want       any // nil where it is taken
	}{
		"a word":                    {"env", "prod", nil},
		"no value":                  {"env", "", nil},
		"one letter":                {"e", "x", nil},
		"one digit":                 {"7", "x", nil},
		"each sign":                 {"a-b_c.d0", "x", nil},
		"longest":                   {long, strings.Repeat("ä", 63), nil},
		"any text":                  {"owner", `Zoë "Z" O'Neill, 50 % <x>`, nil},
		"no key":                    {"", "x", "labels[1].key"},
		"key too long":              {long + "k", "x", "labels[1].key"},
		"upper case":                {"Env", "x", "labels[1].key"},
		"key begins with a sign":    {"-env", "x", "labels[1].key"},
		"key begins with a dot":     {".env", "x", "labels[1].key"},
		"a slash":                   {"a/b", "x", "labels[1].key"},
		"a space":                   {"a b", "x", "labels[1].key"},
		"no ASCII":                  {"umgebüng", "x", "labels[1].key"},
		"a line break after a key":  {"env\n", "x", "labels[1].key"},
		"value too long":            {"env", strings.Repeat("v", 64), "labels[1].value"},
		"a line break":              {"env", "a\nb", "labels[1].value"},
		"delete":                    {"env", "a\u007f", "labels[1].value"},
		"a control character of C1": {"env", "a\u0085", "labels[1].value"},
		"an invisible character":    {"env", "a\u200bb", "labels[1].value"},
		"the key of the one before": {"first", "x", "labels[1].key"},
	} {
		all, err := label.Sorted([]label.Label{{Key: "first"}, {Key: c.key, Value: c.value}})
		if field(err) != c.want || (err == nil) != (c.want == nil) || err == nil && len(all) != 2 {
			t.Errorf("%s: %v, want %v named", name, err, c.want)
		}

		if c.key == "first" {
			continue // a list may be filtered by one key twice
		}
		_, err = label.Filters([]label.Filter{{Key: "first"}, {Key: c.key, Value: &c.value}})
		if field(err) != c.want {
			t.Errorf("%s, as a filter: %v, want %v named", name, err, c.want)
		}
	}
}

func TestSorted_HowMany_IsAtMost32(t *testing.T) {
	t.Parallel()
	var all []label.Label
	for i := range 33 {
		all = append(all, label.Label{Key: fmt.Sprintf("k%02d", 32-i)})
	}
	if _, err := label.Sorted(all); field(err) != "labels" {
		t.Errorf("33: %v", err)
	}
	sorted, err := label.Sorted(all[:32])
	if err != nil || len(sorted) != 32 || sorted[0].Key != "k01" || sorted[31].Key != "k32" {
		t.Errorf("32: %v, %v", sorted, err)
	}
	if all[0].Key != "k32" {
		t.Error("the caller's own list was sorted")
	}
}

func TestSorted_OfNone_IsNil(t *testing.T) {
	t.Parallel()
	for _, none := range [][]label.Label{nil, {}} {
		if all, err := label.Sorted(none); all != nil || err != nil {
			t.Errorf("got %v, %v", all, err)
		}
	}
}

func TestFilters_HoweverTheyAreWritten_AreTheSame(t *testing.T) {
	t.Parallel()
	prod, empty := "prod", ""
	one, err := label.Filters([]label.Filter{
		{Key: "team"}, {Key: "env", Value: &prod}, {Key: "env"}, {Key: "env", Value: &empty},
	})
	if err != nil {
		t.Fatal(err)
	}
	same := "prod"
	other, err := label.Filters([]label.Filter{
		{Key: "env", Value: &empty}, {Key: "env"}, {Key: "env", Value: &same}, {Key: "team"}, {Key: "env", Value: &prod},
	})
	equal := func(a, b label.Filter) bool {
		return a.Key == b.Key && (a.Value == nil) == (b.Value == nil) && (a.Value == nil || *a.Value == *b.Value)
	}
	if err != nil || len(one) != 4 || !slices.EqualFunc(one, other, equal) {
		t.Errorf("they are %v and %v, %v", one, other, err)
	}
	if _, err := label.Filters(make([]label.Filter, 11)); field(err) != "labels" {
		t.Errorf("eleven: %v", err)
	}
	if none, err := label.Filters([]label.Filter{}); none != nil || err != nil {
		t.Errorf("none: %v, %v", none, err)
	}
}
