package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
)

func (r *mutationResolver) SetTrustedDocuments(ctx context.Context, input graph.SetTrustedDocumentsInput) (*graph.SetTrustedDocumentsPayload, error) {
	l, err := r.nouns.TrustedDocuments.Set(ctx, authz.ActorFrom(ctx), input.Manifest)
	return &graph.SetTrustedDocumentsPayload{TrustedDocuments: trustedDocumentsOf(l)}, err
}

func (r *queryResolver) TrustedDocuments(ctx context.Context) (*graph.TrustedDocuments, error) {
	l, found, err := r.nouns.TrustedDocuments.Find(ctx, authz.ActorFrom(ctx))
	if err != nil || !found {
		return nil, err
	}

	return trustedDocumentsOf(l), nil
}
