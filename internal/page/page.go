// Package page cuts lists into pages, by cursors that hold the key of a row.
package page

import (
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

// Key is where an item stands in its list: the values that the list is ordered by.
type Key []string

// Request is a page that a caller asks for.
type Request struct {
	// First is how many items at most, 1 to MaxFirst.
	First int
	// After is the key of the item before the page; nil for the first page.
	After Key
	// Count is whether the caller wants to know how long the whole list is.
	Count bool
}

// Limit is how many rows to read: one more than asked, which tells whether there is a next page.
func (r Request) Limit() int { return r.First + 1 }

// Parse checks a page's arguments; `width` is how many values the list is ordered by.
//
// Errors: fault.Invalid naming `first` or `after`.
func Parse(first *int32, after *string, width int) (Request, error) {
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
	if !ok || len(key) != width {
		return Request{}, fault.Field(fault.Invalid, "after",
			"That is no cursor of this list: pass an endCursor that it returned.")
	}

	r.After = key
	return r, nil
}

// Page is a part of a list, in its order.
type Page[T any] struct {
	Items       []T
	HasNext     bool
	HasPrevious bool
	// Total is the length of the whole list; 0 unless Request.Count asked for it.
	Total int32
}

// Cut makes a page of the rows that were read by Request.Limit.
func Cut[T any](r Request, rows []T, total int32) Page[T] {
	p := Page[T]{Items: rows, HasPrevious: r.After != nil, Total: total}
	if len(rows) > r.First {
		p.Items, p.HasNext = rows[:r.First], true
	}

	return p
}

// Map returns the page with each item turned into another.
func Map[T, U any](p Page[T], turn func(T) U) Page[U] {
	items := make([]U, len(p.Items))
	for i, item := range p.Items {
		items[i] = turn(item)
	}

	return Page[U]{Items: items, HasNext: p.HasNext, HasPrevious: p.HasPrevious, Total: p.Total}
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
	if json.Unmarshal(raw, &key) != nil {
		return nil, false
	}

	holdsNUL := func(text string) bool { return strings.ContainsRune(text, 0) } // as no text of the database does
	return key, key.Cursor() == cursor && !slices.ContainsFunc(key, holdsNUL)
}
