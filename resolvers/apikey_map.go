package resolvers

import (
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/page"
)

func newKey(in graph.CreateAPIKeyInput) apikey.CreateRequest {
	return apikey.CreateRequest{
		Name:            in.Name,
		Scopes:          in.Scopes,
		AllowedNetworks: in.AllowedNetworks,
		ExpiresAt:       in.ExpiresAt,
		IdempotencyKey:  in.IdempotencyKey,

		TrustedDocumentsOnly: *in.TrustedDocumentsOnly,
	}
}

func apiKeyOf(k apikey.Key) *graph.APIKey {
	return &graph.APIKey{
		ID:              k.ID.String(),
		Name:            k.Name,
		Prefix:          k.Prefix,
		Scopes:          k.Scopes,
		AllowedNetworks: k.AllowedNetworks,
		ExpiresAt:       k.ExpiresAt,
		LastUsedAt:      k.LastUsedAt,
		RevokedAt:       k.RevokedAt,
		CreatedAt:       k.CreatedAt,
		CreatedBy:       actorOf(k.CreatedBy),

		TrustedDocumentsOnly: k.TrustedDocumentsOnly,
	}
}

func apiKeyConnection(p page.Page[apikey.Key]) *graph.APIKeyConnection {
	nodes := each(p.Items, apiKeyOf)
	edges, info := gather[graph.APIKeyEdge](p, nodes)
	return &graph.APIKeyConnection{Nodes: nodes, Edges: edges, PageInfo: info, TotalCount: p.Total}
}
