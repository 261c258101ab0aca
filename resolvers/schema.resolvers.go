package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
)

func (r *queryResolver) Viewer(ctx context.Context) (*graph.Viewer, error) {
	actor := authz.ActorFrom(ctx)
	w, err := r.selected(ctx)
	return viewerOf(actor, w), err
}

func (r *queryResolver) Node(ctx context.Context, id string) (graph.Node, error) {
	return r.nodeByID(ctx, id)
}

func (r *queryResolver) Nodes(ctx context.Context, ids []string) ([]graph.Node, error) {
	return r.allNodes(ctx, ids)
}

func (r *queryResolver) ErrorCodes(ctx context.Context) ([]graph.ErrorCode, error) {
	return graph.AllErrorCode, nil
}

func (r *Resolver) Mutation() graph.MutationResolver { return &mutationResolver{r} }

func (r *Resolver) Query() graph.QueryResolver { return &queryResolver{r} }

type (
	mutationResolver struct{ *Resolver }
	queryResolver    struct{ *Resolver }
)
