package resolvers

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/page"
)

// asked reads the arguments of a connection; the whole list is counted only where the document selects totalCount, and
// each item has a cursor only where it selects edges.
func asked(ctx context.Context, first *int32, after *string) (page.Request, error) {
	r, err := page.Parse(first, after)
	selected := graphql.CollectAllFields(ctx)
	r.Count = slices.Contains(selected, "totalCount")
	r.NodesOnly = !slices.Contains(selected, "edges")
	return r, err
}

// list reads a page of a list of the workspace, and makes a connection of it.
func list[T, C any](
	ctx context.Context, first *int32, after *string,
	read func(context.Context, authz.Actor, page.Request) (page.Page[T], error), connection func(page.Page[T]) *C,
) (*C, error) {
	r, err := asked(ctx, first, after)
	if err != nil {
		return nil, err
	}

	p, err := read(ctx, authz.ActorFrom(ctx), r)
	return connection(p), err
}

// filtered makes what list needs of a list with a filter, as the contract has it.
func filtered[I, F, T any](
	in I, filter func(I) (F, error),
	read func(context.Context, authz.Actor, F, page.Request) (page.Page[T], error),
) func(context.Context, authz.Actor, page.Request) (page.Page[T], error) {
	return func(ctx context.Context, a authz.Actor, r page.Request) (page.Page[T], error) {
		which, err := filter(in)
		if err != nil {
			return page.Page[T]{}, err
		}

		return read(ctx, a, which, r)
	}
}

// call is a connection below a row, with its arguments: rows that are asked for the same are read together.
type call struct {
	field, after, of string
	first            int
	count, nodesOnly bool
}

func calls(field string, r page.Request, of string) call {
	return call{
		field:     field,
		after:     r.After.Cursor(),
		of:        of,
		first:     r.First,
		count:     r.Count,
		nodesOnly: r.NodesOnly,
	}
}

// edge is what the contract's edges have in common.
type edge[N any] interface {
	~struct {
		Cursor string `json:"cursor"`
		Node   *N     `json:"node"`
	}
}

// gather makes the parts of a connection of a page, whose nodes are in its order. Lists are empty, never nil. There are
// no edges where the document selects none, for most of their cost is the cursors.
func gather[E edge[N], T, N any](p page.Page[T], nodes []*N) ([]*E, *graph.PageInfo) {
	info := &graph.PageInfo{HasNextPage: p.HasNext, HasPreviousPage: p.HasPrevious}
	if n := len(p.Keys); n > 0 {
		info.StartCursor, info.EndCursor = new(p.Keys[0].Cursor()), new(p.Keys[n-1].Cursor())
	}

	if p.NodesOnly {
		return []*E{}, info
	}

	edges := make([]*E, len(p.Keys))
	for i, key := range p.Keys {
		edges[i] = &E{Cursor: key.Cursor(), Node: nodes[i]}
	}

	return edges, info
}

// each turns items one by one; the list is empty, never nil.
func each[T, N any](items []T, turn func(T) *N) []*N {
	all := make([]*N, len(items))
	for i, item := range items {
		all[i] = turn(item)
	}

	return all
}

// connections makes one connection a page. The nodes of all pages are made together, and so they are siblings.
func connections[T, N, C any](pages []page.Page[T], nodes func([]T) []*N, connection func(page.Page[T], []*N) *C) []*C {
	var items []T
	for _, p := range pages {
		items = append(items, p.Items...)
	}

	made, all := nodes(items), make([]*C, len(pages))
	for i, p := range pages {
		all[i] = connection(p, made[:len(p.Items):len(p.Items)])
		made = made[len(p.Items):]
	}

	return all
}
