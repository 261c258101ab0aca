package postgres

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/page"
)

// sorting is an order that callers may choose for a list: by the columns, the last of which tells rows apart.
type sorting[T any] struct {
	list page.Order[T]
	// end are the values that a first page begins before in descending order, as list.Start in ascending order.
	end     page.Key
	columns []string
	// place returns the values of a cursor as the columns have them.
	place func(page.Key) []any
	// descending is the direction.
	descending bool
}

// toward returns the sorting in a direction.
func (s sorting[T]) toward(descending bool) sorting[T] {
	if s.descending = descending; descending {
		s.list.Start = s.end
	}

	return s
}

// by is what follows ORDER BY.
func (s sorting[T]) by() string {
	if s.descending {
		return strings.Join(s.columns, ` DESC, `) + ` DESC`
	}

	return strings.Join(s.columns, `, `)
}

// only returns the sorting by one of its columns.
func (s sorting[T]) only(column int) sorting[T] {
	s.columns = s.columns[column : column+1]
	return s
}

// after is the condition that a row comes after the values of a cursor.
func (s sorting[T]) after(at page.Key, p *arguments) string {
	than := `) > (`
	if s.descending {
		than = `) < (`
	}

	names := make([]string, len(s.columns))
	for i, value := range s.place(at) {
		names[i] = p.add(value)
	}

	return `(` + strings.Join(s.columns, `, `) + than + strings.Join(names, `, `) + `)`
}

// byTime sorts by a column of times, and rows of one time by their ids.
func byTime[T any](list, column string, of func(T) (time.Time, string)) sorting[T] {
	return sorting[T]{
		list: page.Order[T]{
			Name:  list,
			Start: page.Key{timeText(time.Time{}), uuid.Nil.String()},
			Key: func(row T) page.Key {
				at, id := of(row)
				return page.Key{timeText(at), id}
			},
		},
		end:     page.Key{timeText(endOfTime), lastID},
		columns: []string{column, `id`},
		place:   func(at page.Key) []any { return []any{timeOf(at[0]), ident.Of[T](at[1])} },
	}
}

// lastName comes after all names.
var lastName = strings.Repeat(string(unicode.MaxRune), ident.MaxName+1)

// endOfTime comes after all times of rows.
var endOfTime = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func timeText(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// timeOf reads a time of a cursor. What is no time stands before everything, or after it.
func timeOf(text string) time.Time {
	t, _ := time.Parse(time.RFC3339Nano, text)
	return t
}

// arguments are those of a statement that is put together.
type arguments []any

// add returns the name of a parameter with the value.
func (p *arguments) add(value any) string {
	*p = append(*p, value)
	return `$` + strconv.Itoa(len(*p))
}
