// Package dataloader reads what a field of many rows needs in one go for all of them. It never holds a secret's value.
package dataloader

import (
	"context"
	"errors"
	"sync"

	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/upload"
)

type (
	// Datastore is a row of datastores.
	Datastore = Row[datastore.Datastore]
	// Object is a row of objects.
	Object = Row[object.Object]
	// Reference is a row of references.
	Reference = Row[reference.Reference]
	// Secret is a row of secrets.
	Secret = Row[secret.Secret]
	// Upload is a row of uploads.
	Upload = Row[upload.Upload]
	// Version is a row of versions of objects.
	Version = Row[object.Version]
)

// Row is a row of an answer, and knows its siblings: those that were answered together with it.
//
// Siblings never outlive the answer of one root field, so that a mutation's fields read what holds after it.
type Row[T any] struct {
	Self     T
	nth      int
	siblings *siblings[T]
}

type siblings[T any] struct {
	all  []T
	mu   sync.Mutex
	read map[any]*reading
}

// reading is what one field needs of all siblings; found is a slice with one item a sibling.
type reading struct {
	done  chan struct{}
	found any
	err   error
}

// Rows makes siblings of the rows of a list, or of several pages that were read at once.
func Rows[T any](all []T) []Row[T] {
	s := &siblings[T]{all: all, read: map[any]*reading{}}
	rows := make([]Row[T], len(all))
	for i, self := range all {
		rows[i] = Row[T]{Self: self, nth: i, siblings: s}
	}

	return rows
}

var errPanicked = errors.New("dataloader: what reads for the siblings panicked")

// Each returns the item that find returned for the row. The first row that asks calls find for all its siblings; the
// others wait for that call. So there is one call of find for one field with one set of arguments, however many rows
// there are.
//
// call names the field with its arguments, and is comparable. find returns one item for each row, in order; it runs in
// the context of the first.
func Each[T, R any](
	ctx context.Context, row Row[T], call any, find func(ctx context.Context, all []T) ([]R, error),
) (R, error) {
	r, first := row.siblings.join(call)
	if first {
		r.run(func() (any, error) { return find(ctx, row.siblings.all) })
	}

	var none R
	select {
	case <-r.done:
	case <-ctx.Done():
		return none, ctx.Err()
	}

	if found, ok := r.found.([]R); ok && r.err == nil {
		return found[row.nth], nil
	}

	return none, r.err
}

func (s *siblings[T]) join(call any) (r *reading, first bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known, ok := s.read[call]; ok {
		return known, false
	}

	r = &reading{done: make(chan struct{}), err: errPanicked}
	s.read[call] = r
	return r, true
}

func (r *reading) run(find func() (any, error)) {
	defer close(r.done)
	r.found, r.err = find()
}
