package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/secret"
)

func (r *mutationResolver) CreateSecret(ctx context.Context, input graph.CreateSecretInput) (*graph.CreateSecretPayload, error) {
	s, err := r.nouns.Secrets.Create(ctx, authz.ActorFrom(ctx), newSecret(input))
	if err != nil {
		return nil, err
	}
	return &graph.CreateSecretPayload{Secret: secretOf(s)}, nil
}

func (r *mutationResolver) RotateSecret(ctx context.Context, input graph.RotateSecretInput) (*graph.RotateSecretPayload, error) {
	done, err := r.nouns.Secrets.Rotate(ctx, authz.ActorFrom(ctx), rotation(input))
	if err != nil {
		return nil, err
	}
	return &graph.RotateSecretPayload{Secret: secretOf(done.Secret), Version: secretVersionOf(done.Version)}, nil
}

func (r *mutationResolver) RevealSecret(ctx context.Context, input graph.RevealSecretInput) (*graph.RevealSecretPayload, error) {
	v, err := r.nouns.Secrets.Reveal(ctx, authz.ActorFrom(ctx), secret.ID(input.SecretID), input.Version, textOf(input.Reason))
	if err != nil {
		return nil, err
	}
	return revealPayload(v), nil
}

func (r *mutationResolver) DeleteSecret(ctx context.Context, input graph.DeleteSecretInput) (*graph.DeleteSecretPayload, error) {
	s, err := r.nouns.Secrets.Delete(ctx, authz.ActorFrom(ctx), secret.ID(input.SecretID))
	if err != nil {
		return nil, err
	}
	return &graph.DeleteSecretPayload{Secret: secretOf(s)}, nil
}

func (r *queryResolver) Secret(ctx context.Context, id string) (*graph.Secret, error) {
	s, err := r.nouns.Secrets.Find(ctx, authz.ActorFrom(ctx), secret.ID(id))
	return orNull(secretOf(s), err)
}

func (r *queryResolver) Secrets(ctx context.Context, first *int32, after *string, filter *graph.SecretFilter) (*graph.SecretConnection, error) {
	p, err := asked(ctx, first, after)
	if err != nil {
		return nil, err
	}
	all, err := r.nouns.Secrets.List(ctx, authz.ActorFrom(ctx), secretFilter(filter), p)
	if err != nil {
		return nil, err
	}
	return secretConnection(all), nil
}

func (r *secretResolver) Versions(ctx context.Context, obj *graph.Secret, first *int32, after *string) (*graph.SecretVersionConnection, error) {
	p, err := asked(ctx, first, after)
	if err != nil {
		return nil, err
	}
	return r.versionsOf(ctx, obj.Row, p)
}

func (r *Resolver) Secret() graph.SecretResolver { return &secretResolver{r} }

type secretResolver struct{ *Resolver }
