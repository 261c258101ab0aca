package page_test

import (
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
)

func encode(raw string) string { return base64.RawURLEncoding.EncodeToString([]byte(raw)) }

func field(err error) any {
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != fault.Invalid {
		return nil
	}
	return e.Details["field"]
}

func TestParse_First_IsWithinItsBounds(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		first *int32
		want  int // 0 where it is refused
	}{
		"none":         {nil, 20},
		"least":        {new(int32(1)), 1},
		"most":         {new(int32(100)), 100},
		"zero":         {new(int32(0)), 0},
		"negative":     {new(int32(-1)), 0},
		"one too many": {new(int32(101)), 0},
		"least int":    {new(int32(-1 << 31)), 0},
		"greatest int": {new(int32(1<<31 - 1)), 0},
	} {
		r, err := page.Parse(c.first, nil)
		if c.want == 0 && field(err) != "first" || c.want != 0 &&
			(err != nil || r.First != c.want || r.Limit() != c.want+1 || r.After != nil) {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

// parse reads a cursor for a list that is ordered by that many values, as a resolver and a store do.
func parse(cursor string, width int) (page.Key, error) {
	r, err := page.Parse(nil, &cursor)
	if err != nil {
		return nil, err
	}
	return ordered(width).After(r)
}

// ordered is the order of a list by that many values, each of which is its items.
func ordered(width int) page.Order[page.Key] {
	return page.Order[page.Key]{
		Name:  "list",
		Start: make(page.Key, width),
		Key:   func(k page.Key) page.Key { return k },
	}
}

// cursor is that of an item of the list.
func cursor(item page.Key) string {
	return ordered(len(item)).Cut(page.Request{First: 1}, []page.Key{item}, 0).Keys[0].Cursor()
}

func TestParse_CursorThatNoListReturned_IsInvalid(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]string{
		"empty":             "",
		"no base64":         "!",
		"standard base64":   base64.StdEncoding.EncodeToString([]byte(`["???>"]`)),
		"padded":            encode(`["a"]`) + "=",
		"with a line break": encode(`["a"]`) + "\n",
		"null":              encode(`null`),
		"a string":          encode(`"a"`),
		"an object":         encode(`{"a":"b"}`),
		"no keys":           encode(`[]`),
		"two keys":          encode(`["a","b"]`),
		"a number":          encode(`[1]`),
		"null key":          encode(`[null]`),
		"spaces":            encode(`[ "a" ]`),
		"another escape":    encode(`["\u0061"]`),
		"trailing":          encode(`["a"] `),
		"not UTF-8":         encode("[\"\xff\"]"),
		"lone surrogate":    encode(`["\ud800"]`),
		"NUL":               cursor(page.Key{"a\x00b"}),
		"too long":          cursor(page.Key{strings.Repeat("k", 9000)}),
	} {
		if _, err := parse(after, 1); field(err) != "after" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCursor_OfAnyKeyAnObjectMayHave_IsReadBack(t *testing.T) {
	t.Parallel()
	for _, key := range []string{
		"a", "a/b", `"quoted"`, `back\slash`, `a\u0000b`, "\U0001F9EA", strings.Repeat("<", 900), strings.Repeat("&",
			900), strings.Repeat("\u2028", 300), strings.Repeat("\U0001F9EA", 225),
	} {
		if at, err := parse(cursor(page.Key{key}), 1); err != nil || !slices.Equal(at, page.Key{key}) {
			t.Errorf("%.20q: %v", key, err)
		}
	}
}

func TestCursor_OfAnyValues_IsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		key := page.Key(rapid.SliceOfN(rapid.StringN(0, 50, 200), 1, 3).Draw(t, "key"))
		if slices.ContainsFunc(key, func(s string) bool { return strings.ContainsRune(s, 0) }) {
			t.Skip("no text of the database")
		}
		cursor := cursor(key)
		if at, err := parse(cursor, len(key)); err != nil || !slices.Equal(at, key) {
			t.Fatalf("%q became %q, %v", key, at, err)
		}
		if _, err := parse(cursor, len(key)+1); field(err) != "after" {
			t.Fatalf("a list of another order takes it: %v", err)
		}
	})
}

func FuzzParse_WhatItTakesIsACursorThatItMadeItself(f *testing.F) {
	for _, seed := range []string{"", "WyJhIl0", "bnVsbA", "W10", encode(`["a","b"]`), encode(`["\u0000"]`),
		encode(`["<"]`), cursor(page.Key{"a"})} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		at, err := parse(sent, 1)
		if err != nil {
			if field(err) != "after" {
				t.Fatalf("got %v", err)
			}
			return
		}
		if len(at) != 1 || cursor(at) != sent || strings.ContainsRune(at[0], 0) {
			t.Fatalf("%q is read as %q", sent, at)
		}
	})
}

func TestCut_OneRowMoreThanAsked_IsANextPage(t *testing.T) {
	t.Parallel()
	rows := []int{1, 2, 3}
	order := page.Order[int]{Start: page.Key{"0"}, Key: func(i int) page.Key { return page.Key{strconv.Itoa(i)} }}
	for _, c := range []struct {
		first int
		items int
		next  bool
	}{{1, 1, true}, {2, 2, true}, {3, 3, false}, {4, 3, false}} {
		p := order.Cut(page.Request{First: c.first, After: page.Key{"0"}}, rows, 7)
		if len(p.Items) != c.items || len(p.Keys) != c.items || p.Keys[c.items-1][1] != strconv.Itoa(c.items) ||
			p.HasNext != c.next || !p.HasPrevious || p.Total != 7 {
			t.Errorf("of %d: %+v", c.first, p)
		}
	}
	if p := order.Cut(page.Request{First: 1}, rows[:0], 0); len(p.Items) != 0 || len(p.Keys) != 0 || p.HasNext ||
		p.HasPrevious {
		t.Errorf("of none: %+v", p)
	}
}

func TestAfter_OfTheFirstPage_IsTheStart(t *testing.T) {
	t.Parallel()
	order := page.Order[int]{Start: page.Key{"", "z"}}
	if at, err := order.After(page.Request{}); err != nil || !slices.Equal(at, order.Start) {
		t.Errorf("got %q, %v", at, err)
	}
}

// TestAfter_OfAnotherListOrFilter_IsInvalid has lists of one order that differ in nothing but what they are of.
func TestAfter_OfAnotherListOrFilter_IsInvalid(t *testing.T) {
	t.Parallel()
	type filter struct {
		Name  string `json:",omitzero"`
		Added *bool  `json:",omitzero"`
	}
	list := ordered(1)
	other := list
	other.Name = "another"
	own := list.Of("acme", filter{Name: "a"})
	after := page.Request{First: 1, After: own.Cut(page.Request{First: 1}, []page.Key{{"k"}}, 0).Keys[0]}
	if at, err := own.After(after); err != nil || !slices.Equal(at, page.Key{"k"}) {
		t.Errorf("its own: %q, %v", at, err)
	}
	for name, o := range map[string]page.Order[page.Key]{
		"another name":      other.Of("acme", filter{Name: "a"}),
		"another workspace": list.Of("globex", filter{Name: "a"}),
		"another filter":    list.Of("acme", filter{Name: "b"}),
		"one more member":   list.Of("acme", filter{Name: "a", Added: new(bool)}),
		"no filter":         list.Of("acme", filter{}),
		"moved quotes":      list.Of("acm", `e",{"Name":"a`),
	} {
		if _, err := o.After(after); field(err) != "after" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
