package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
)

func (r *queryResolver) Workspace(ctx context.Context) (*graph.Workspace, error) {
	return r.workspaceOf(ctx)
}

func (r *workspaceResolver) Usage(ctx context.Context, obj *graph.Workspace) (*graph.Usage, error) {
	u, err := r.nouns.Workspaces.Usage(ctx, authz.ActorFrom(ctx))
	return usageOf(u), err
}

func (r *Resolver) Workspace() graph.WorkspaceResolver { return &workspaceResolver{r} }

type workspaceResolver struct{ *Resolver }
