package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
)

func (r *mutationResolver) DeleteObjects(ctx context.Context, input graph.DeleteObjectsInput) (*graph.DeleteObjectsPayload, error) {
	begun, err := r.nouns.Deletions.Begin(ctx, authz.ActorFrom(ctx), deletionRequest(input))
	return &graph.DeleteObjectsPayload{
		ObjectCount: begun.Objects,
		UsedBytes:   begun.Bytes,
		AtLeast:     begun.AtLeast,
		Deletion:    deletionOf(begun.Deletion),
	}, err
}
