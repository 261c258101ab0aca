// Package page cuts lists into pages, by cursors that hold the key of a row.
package page

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// MaxFirst is the most items of one page.
const MaxFirst = 100

// maxCursor is the length of the longest cursor: each byte of an object's key may take six in JSON, and those eight in
// base64.
const maxCursor = 8 << 10

// Key is where an item stands in its list: the values that the list is ordered by. In a cursor the list's mark comes
// first.
type Key []string

// Request is a page that a caller asks for.
type Request struct {
	// First is how many items at most, 1 to MaxFirst.
	First int
	// After is the key of the item before the page; nil for the first page.
	After Key
	// Count is whether the caller wants to know how long the whole list is.
	Count bool
	// NodesOnly is whether the caller wants items without a cursor each.
	NodesOnly bool
}

// Limit is how many rows to read: one more than asked, which tells whether there is a next page.
func (r Request) Limit() int { return r.First + 1 }

// Parse checks a page's arguments; Order.After checks that the cursor is one of the list.
//
// Errors: fault.Invalid naming `first` or `after`.
func Parse(first *int32, after *string) (Request, error) {
	r := Request{First: 20}
	if first != nil {
		r.First = int(*first)
	}

	if r.First < 1 || r.First > MaxFirst {
		return Request{}, fault.Field(fault.Invalid, "first", "A page has 1 to %d items.", MaxFirst)
	}

	if after == nil {
		return r, nil
	}

	key, ok := decode(*after)
	if !ok {
		return Request{}, noCursor()
	}

	r.After = key
	return r, nil
}

// Text is a member of a filter; empty for one that was left out.
//
// Errors: fault.Invalid naming the field for a text that is empty: a caller whose variable is would get the whole list.
func Text(field string, given *string) (string, error) {
	switch {
	case given == nil:
		return "", nil
	case *given == "":
		return "", fault.Field(fault.Invalid, field, "`%s` is empty: leave it out to list all.", field)
	}

	return *given, nil
}

func noCursor() error {
	return fault.Field(fault.Invalid, "after", "That is no cursor of this list: pass one that the same list returned "+
		"under the same filter, or leave it out to begin anew.")
}

// Order is the order of a list. The store writes it once, beside the query that reads the list.
type Order[T any] struct {
	// Name is that of the list, unlike any other's.
	Name string
	// Start are the values that a first page goes on after, as the query takes them.
	Start Key
	// Key returns where an item stands: as many values as Start has.
	Key func(item T) Key
	// of says which of the lists with this name it is.
	of string
}

// Of returns the order of one list: that of a workspace, of a row, or under a filter, as the values say, in JSON. The
// fields of a filter have `omitzero`, so that cursors outlive a release that adds one.
func (o Order[T]) Of(values ...any) Order[T] {
	raw, err := json.Marshal(values)
	if err != nil {
		panic(err) // filters are structs of texts, numbers and times
	}

	o.of = string(raw)
	return o
}

// mark names the list in its cursors: a short hash, so that a cursor that another list returned, or the same list under
// another filter, is not taken for one of this list.
func (o Order[T]) mark() string {
	sum := sha256.Sum256([]byte("data-api cursor v1\x00" + o.Name + "\x00" + o.of))
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// After returns the values that the page goes on after: those of the request's cursor, or Start for the first page.
//
// Errors: fault.Invalid naming `after` for a cursor that another list returned, or this one under another filter.
func (o Order[T]) After(r Request) (Key, error) {
	switch {
	case r.After == nil:
		return o.Start, nil
	case len(r.After) != 1+len(o.Start) || r.After[0] != o.mark():
		return nil, noCursor()
	}

	return r.After[1:], nil
}

// Cut makes a page of the items that were read by Request.Limit.
func (o Order[T]) Cut(r Request, items []T, total int32) Page[T] {
	p := Page[T]{Items: items, HasPrevious: r.After != nil, Total: total, NodesOnly: r.NodesOnly}
	if len(items) > r.First {
		p.Items, p.HasNext = items[:r.First], true
	}

	p.Keys = make([]Key, len(p.Items))
	mark := o.mark()
	for i, item := range p.Items {
		p.Keys[i] = append(append(make(Key, 0, 1+len(o.Start)), mark), o.Key(item)...)
	}

	return p
}

// Page is a part of a list, in its order.
type Page[T any] struct {
	Items []T
	// Keys are where the items stand in the list, one for each, after the list's mark.
	Keys        []Key
	HasNext     bool
	HasPrevious bool
	// Total is the length of the whole list; 0 unless Request.Count asked for it.
	Total int32
	// NodesOnly is that of the request.
	NodesOnly bool
}

// Cursor returns the key as an opaque string.
func (k Key) Cursor() string {
	raw, _ := json.Marshal([]string(k)) // strings always marshal
	return base64.RawURLEncoding.EncodeToString(raw)
}

func decode(cursor string) (Key, bool) {
	if len(cursor) > maxCursor {
		return nil, false
	}

	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return nil, false
	}

	var key Key
	if json.Unmarshal(raw, &key) != nil || len(key) == 0 {
		return nil, false
	}

	holdsNUL := func(text string) bool { return strings.ContainsRune(text, 0) } // as no text of the database does
	return key, key.Cursor() == cursor && !slices.ContainsFunc(key, holdsNUL)
}
