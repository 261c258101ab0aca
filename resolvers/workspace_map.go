package resolvers

import (
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/workspace"
)

func actorOf(w authz.Who) *graph.Actor {
	return &graph.Actor{Kind: w.Kind, PrincipalID: textOrNull(w.PrincipalID), Label: w.Label}
}

// textOrNull is null for an empty text.
func textOrNull(s string) *string {
	if s == "" {
		return nil
	}

	return &s
}

func viewerOf(a authz.Actor, w *graph.Workspace) *graph.Viewer {
	v := &graph.Viewer{Actor: actorOf(a.Who), Workspace: w, Scopes: []authz.Scope{}}
	if a.Role != "" {
		v.Role = &a.Role
	}

	v.Scopes = append(v.Scopes, a.Scopes...)
	return v
}

func workspaceOf(w workspace.Workspace) *graph.Workspace {
	return &graph.Workspace{
		ID:                  w.ID.String(),
		Name:                w.Name,
		Region:              w.Region,
		RequireRevealReason: w.RequireRevealReason,
		CreatedAt:           w.CreatedAt,
	}
}

func usageOf(u workspace.Usage) *graph.Usage {
	return &graph.Usage{
		ObjectCount:   u.ObjectCount,
		UsedBytes:     u.UsedBytes,
		ReservedBytes: u.ReservedBytes,
		LimitBytes:    u.LimitBytes,
		SecretCount:   u.SecretCount,
	}
}

func newWorkspace(in graph.CreateWorkspaceInput) workspace.CreateRequest {
	return workspace.CreateRequest{Name: in.Name, Region: in.Region, IdempotencyKey: in.IdempotencyKey}
}

func workspaceChange(in graph.UpdateWorkspaceInput) workspace.UpdateRequest {
	return workspace.UpdateRequest{Name: in.Name, RequireRevealReason: in.RequireRevealReason}
}

func memberOf(m member.Member) *graph.Member {
	return &graph.Member{ID: m.ID.String(), Email: m.Email, Role: m.Role, JoinedAt: m.JoinedAt, CreatedAt: m.CreatedAt}
}

func memberChange(in graph.SetMemberRoleInput) member.SetRoleRequest {
	change := member.Change{KeepKeys: *in.KeepKeys, InviteAgain: *in.InviteAgain}
	return member.SetRoleRequest{Email: in.Email, Role: in.Role, Change: change}
}

func setMemberRolePayload(s member.SetRoleResult) *graph.SetMemberRolePayload {
	return &graph.SetMemberRolePayload{
		Member:             memberOf(s.Member),
		RevokedAPIKeys:     each(s.Ended.APIKeys, apiKeyOf),
		RemovedRuntimeKeys: each(s.Ended.RuntimeKeys, runtimeKeyOf),
	}
}

func removeMemberPayload(id string, ended member.Keys) *graph.RemoveMemberPayload {
	return &graph.RemoveMemberPayload{
		MemberID:           id,
		RevokedAPIKeys:     each(ended.APIKeys, apiKeyOf),
		RemovedRuntimeKeys: each(ended.RuntimeKeys, runtimeKeyOf),
	}
}

func memberConnection(p page.Page[member.Member]) *graph.MemberConnection {
	nodes := each(p.Items, memberOf)
	edges, info := gather[graph.MemberEdge](p, nodes)
	return &graph.MemberConnection{Nodes: nodes, Edges: edges, PageInfo: info, TotalCount: p.Total}
}
