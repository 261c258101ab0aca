package client

import (
	"context"
	"iter"
)

// pageSize is how many items the iterators ask for at a time: the most that the API gives.
const pageSize = 100

// Page is a page of a list, as the List functions return it.
type Page[T any] interface {
	GetNodes() []T
	GetPageInfo() PageInfo
}

// All returns the items of all pages of a list, one after the other. It asks for a page once the one before has been
// used up. An error is the last that it yields. The methods of Client that return an iter.Seq2 call it; with All you
// go through lists of operations of your own.
func All[T any](
	ctx context.Context, list func(ctx context.Context, first *int, after *string) (Page[T], error),
) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		var after *string
		for {
			page, err := list(ctx, new(pageSize), after)
			if err != nil {
				yield(none, err)
				return
			}

			for _, item := range page.GetNodes() {
				if !yield(item, nil) {
					return
				}
			}

			next := page.GetPageInfo()
			if !next.HasNextPage {
				return
			}

			after = next.EndCursor
		}
	}
}

// errNone is about a list of something that is not there.
func errNone(sentence string) error { return &Error{Code: ErrorCodeNotFound, Message: sentence} }

const (
	noDatastore = "There is no datastore of this id in the workspace."
	noObject    = "There is no object of this key in the datastore."
	noSecret    = "There is no secret of this id in the workspace." //nolint:gosec // it holds none
)

func orNil(text string) *string {
	if text == "" {
		return nil
	}

	return &text
}
