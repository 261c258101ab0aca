package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/workspace"
)

func (r *mutationResolver) CreateWorkspace(ctx context.Context, input graph.CreateWorkspaceInput) (*graph.CreateWorkspacePayload, error) {
	w, err := r.nouns.Workspaces.Create(ctx, authz.ActorFrom(ctx), newWorkspace(input))
	return &graph.CreateWorkspacePayload{Workspace: workspaceOf(w)}, err
}

func (r *mutationResolver) UpdateWorkspace(ctx context.Context, input graph.UpdateWorkspaceInput) (*graph.UpdateWorkspacePayload, error) {
	w, err := r.nouns.Workspaces.Update(ctx, authz.ActorFrom(ctx), workspaceChange(input))
	return &graph.UpdateWorkspacePayload{Workspace: workspaceOf(w)}, err
}

func (r *mutationResolver) SetMemberRole(ctx context.Context, input graph.SetMemberRoleInput) (*graph.SetMemberRolePayload, error) {
	set, err := r.nouns.Members.SetRole(ctx, authz.ActorFrom(ctx), memberChange(input))
	return setMemberRolePayload(set), err
}

func (r *mutationResolver) RemoveMember(ctx context.Context, input graph.RemoveMemberInput) (*graph.RemoveMemberPayload, error) {
	ended, err := r.nouns.Members.Remove(ctx, authz.ActorFrom(ctx), member.ID(input.MemberID), *input.KeepKeys)
	return removeMemberPayload(input.MemberID, ended), err
}

func (r *queryResolver) Workspace(ctx context.Context) (*graph.Workspace, error) {
	return r.currentWorkspace(ctx)
}

func (r *queryResolver) Workspaces(ctx context.Context) ([]*graph.Workspace, error) {
	all, err := r.nouns.Workspaces.List(ctx, authz.ActorFrom(ctx))
	return each(all, workspaceOf), err
}

func (r *queryResolver) Regions(ctx context.Context) ([]string, error) {
	return r.nouns.Workspaces.Regions(), nil
}

func (r *queryResolver) Members(ctx context.Context, first *int32, after *string) (*graph.MemberConnection, error) {
	return list(ctx, first, after, r.nouns.Members.List, memberConnection)
}

func (r *workspaceResolver) Usage(ctx context.Context, obj *graph.Workspace) (*graph.Usage, error) {
	u, err := r.nouns.Workspaces.Usage(ctx, workspace.ID(obj.ID))
	return usageOf(u), err
}

func (r *Resolver) Workspace() graph.WorkspaceResolver { return &workspaceResolver{r} }

type workspaceResolver struct{ *Resolver }
