// Package ident has the ids of things: canonical lower-case UUIDs, typed by what they name; and the rules of names that
// people read.
package ident

import (
	"database/sql/driver"

	"github.com/google/uuid"
)

// Of is the id of a T. It may hold any string a caller sent: one that is no canonical UUID names nothing,
// so that a malformed id and an unknown one cannot be told apart.
type Of[T any] string

// New returns a new id: a UUIDv7, so that ids sort by the time they were made.
func New[T any]() Of[T] {
	return Of[T](uuid.Must(uuid.NewV7()).String())
}

// Valid reports whether the id is a UUID in its canonical form.
func (id Of[T]) Valid() bool {
	parsed, err := uuid.Parse(string(id))
	return err == nil && parsed.String() == string(id)
}

// HasFormOfID reports whether a text looks like an id: a UUID with its hyphens, in whatever case.
func HasFormOfID(text string) bool {
	_, err := uuid.Parse(text)
	return err == nil && len(text) == len(uuid.Nil.String())
}

// Value gives the database the id, or the nil UUID, which names nothing, for one that is malformed.
func (id Of[T]) Value() (driver.Value, error) {
	if !id.Valid() {
		return uuid.Nil.String(), nil
	}

	return string(id), nil
}

// String returns the id as it was given.
func (id Of[T]) String() string { return string(id) }
