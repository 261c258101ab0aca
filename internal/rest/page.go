package rest

import (
	"encoding/json"
	"strconv"
)

// big is a whole number that GraphQL writes as a string, for languages whose numbers have 53 bits; here it is a number.
type big int64

// UnmarshalJSON reads a decimal string.
func (b *big) UnmarshalJSON(raw []byte) error {
	var digits string
	if err := json.Unmarshal(raw, &digits); err != nil {
		return err
	}

	n, err := strconv.ParseInt(digits, 10, 64)
	*b = big(n)
	return err
}

// connection is a list as GraphQL has it.
type connection[T any] struct {
	Nodes    []T
	PageInfo struct {
		EndCursor   *string
		HasNextPage bool
	}
	TotalCount int
}

// next is the cursor of the next page; nil where there is none.
func (c connection[T]) next() *string {
	if !c.PageInfo.HasNextPage {
		return nil
	}

	return c.PageInfo.EndCursor
}

// page is a part of a list.
type page[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"nextCursor" doc:"The cursor of the next page; null where there is none."`
}

// countedPage is a part of a list whose length is known.
type countedPage[T any] struct {
	page[T]
	TotalCount int `json:"totalCount" doc:"Of the whole list."`
}

func counted[T any](c connection[T]) countedPage[T] {
	return countedPage[T]{page[T]{c.Nodes, c.next()}, c.TotalCount}
}
