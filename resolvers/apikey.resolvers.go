package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/authz"
)

func (r *mutationResolver) CreateAPIKey(ctx context.Context, input graph.CreateAPIKeyInput) (*graph.CreateAPIKeyPayload, error) {
	made, err := r.nouns.APIKeys.Create(ctx, authz.ActorFrom(ctx), newKey(input))
	return &graph.CreateAPIKeyPayload{APIKey: apiKeyOf(made.Key), Token: made.Token}, err
}

func (r *mutationResolver) RevokeAPIKey(ctx context.Context, input graph.RevokeAPIKeyInput) (*graph.RevokeAPIKeyPayload, error) {
	k, err := r.nouns.APIKeys.Revoke(ctx, authz.ActorFrom(ctx), apikey.ID(input.APIKeyID))
	return &graph.RevokeAPIKeyPayload{APIKey: apiKeyOf(k)}, err
}

func (r *queryResolver) APIKeys(ctx context.Context, first *int32, after *string) (*graph.APIKeyConnection, error) {
	return list(ctx, first, after, r.nouns.APIKeys.List, apiKeyConnection)
}
