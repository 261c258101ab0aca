package resolvers

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/page"
)

// asked reads the arguments of a connection; the whole list is counted only where the document selects totalCount.
func asked(ctx context.Context, first *int32, after *string) (page.Request, error) {
	r, err := page.Parse(first, after, 1)
	r.Count = slices.Contains(graphql.CollectAllFields(ctx), "totalCount")
	return r, err
}

// gather makes the parts of a connection of a page. Lists are empty, never nil.
func gather[T, N, E any](p page.Page[T], key func(T) page.Key, node func(T) *N, edge func(cursor string, node *N) *E) ([]*N, []*E, *graph.PageInfo) {
	nodes, edges := make([]*N, len(p.Items)), make([]*E, len(p.Items))
	info := &graph.PageInfo{HasNextPage: p.HasNext, HasPreviousPage: p.HasPrevious}
	for i, item := range p.Items {
		cursor := key(item).Cursor()
		nodes[i] = node(item)
		edges[i] = edge(cursor, nodes[i])
		if i == 0 {
			info.StartCursor = &cursor
		}
		info.EndCursor = &cursor
	}
	return nodes, edges, info
}
