package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/secret"
)

func (r *mutationResolver) SetSecretReferences(ctx context.Context, input graph.SetSecretReferencesInput) (*graph.SetSecretReferencesPayload, error) {
	all, err := r.nouns.References.Set(ctx, authz.ActorFrom(ctx), consumer(input.Consumer),
		idsOf(input.SecretIds, func(id string) secret.ID { return secret.ID(id) }))
	return &graph.SetSecretReferencesPayload{References: referencesOf(all)}, err
}

func (r *secretReferenceResolver) Secret(ctx context.Context, obj *graph.SecretReference) (*graph.Secret, error) {
	return parentOf(ctx, obj.Row, "secret", r.secrets(),
		func(ref reference.Reference) secret.ID { return ref.SecretID })
}

func (r *Resolver) SecretReference() graph.SecretReferenceResolver {
	return &secretReferenceResolver{r}
}

type secretReferenceResolver struct{ *Resolver }
