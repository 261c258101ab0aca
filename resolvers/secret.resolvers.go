package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/secret"
)

func (r *mutationResolver) CreateSecret(ctx context.Context, input graph.CreateSecretInput) (*graph.CreateSecretPayload, error) {
	s, err := r.nouns.Secrets.Create(ctx, authz.ActorFrom(ctx), newSecret(input))
	return &graph.CreateSecretPayload{Secret: secretOf(s)}, err
}

func (r *mutationResolver) RotateSecret(ctx context.Context, input graph.RotateSecretInput) (*graph.RotateSecretPayload, error) {
	done, err := r.nouns.Secrets.Rotate(ctx, authz.ActorFrom(ctx), rotation(input))
	return &graph.RotateSecretPayload{Secret: secretOf(done.Secret), Version: secretVersionOf(done.Version)}, err
}

func (r *mutationResolver) UpdateSecret(ctx context.Context, input graph.UpdateSecretInput) (*graph.UpdateSecretPayload, error) {
	s, err := r.nouns.Secrets.Update(ctx, authz.ActorFrom(ctx), secret.ID(input.SecretID), secretChange(input))
	return &graph.UpdateSecretPayload{Secret: secretOf(s)}, err
}

func (r *mutationResolver) RollbackSecret(ctx context.Context, input graph.RollbackSecretInput) (*graph.RollbackSecretPayload, error) {
	done, err := r.nouns.Secrets.RollBack(ctx, authz.ActorFrom(ctx), rollback(input))
	return &graph.RollbackSecretPayload{Secret: secretOf(done.Secret), Version: secretVersionOf(done.Version)}, err
}

func (r *mutationResolver) DestroySecretVersion(ctx context.Context, input graph.DestroySecretVersionInput) (*graph.DestroySecretVersionPayload, error) {
	s, err := r.nouns.Secrets.DestroyVersion(ctx, authz.ActorFrom(ctx), secret.ID(input.SecretID), input.Version)
	return &graph.DestroySecretVersionPayload{Secret: secretOf(s)}, err
}

func (r *mutationResolver) RevealSecret(ctx context.Context, input graph.RevealSecretInput) (*graph.RevealSecretPayload, error) {
	v, err := r.nouns.Secrets.Reveal(ctx, authz.ActorFrom(ctx), revealRequest(input))
	if err != nil {
		return nil, err
	}

	return revealPayload(v)
}

func (r *mutationResolver) DeleteSecret(ctx context.Context, input graph.DeleteSecretInput) (*graph.DeleteSecretPayload, error) {
	s, err := r.nouns.Secrets.Delete(ctx, authz.ActorFrom(ctx), secret.ID(input.SecretID), *input.Force)
	return &graph.DeleteSecretPayload{Secret: secretOf(s)}, err
}

func (r *mutationResolver) RestoreSecret(ctx context.Context, input graph.RestoreSecretInput) (*graph.RestoreSecretPayload, error) {
	s, err := r.nouns.Secrets.Restore(ctx, authz.ActorFrom(ctx), secret.ID(input.SecretID), input.Name)
	return &graph.RestoreSecretPayload{Secret: secretOf(s)}, err
}

func (r *queryResolver) Secret(ctx context.Context, id string) (*graph.Secret, error) {
	s, err := r.nouns.Secrets.Find(ctx, authz.ActorFrom(ctx), secret.ID(id))
	return orNull(secretOf(s), err)
}

func (r *queryResolver) SecretByName(ctx context.Context, name string) (*graph.Secret, error) {
	s, err := r.nouns.Secrets.FindByName(ctx, authz.ActorFrom(ctx), name)
	return orNull(secretOf(s), err)
}

func (r *queryResolver) Secrets(ctx context.Context, first *int32, after *string, filter *graph.SecretFilter, orderBy *graph.SecretOrder) (*graph.SecretConnection, error) {
	which := secretArguments{filter, orderBy}
	return list(ctx, first, after, filtered(which, secretFilter, r.nouns.Secrets.List), secretConnection)
}

func (r *secretResolver) Labels(ctx context.Context, obj *graph.Secret) ([]*graph.Label, error) {
	return r.secretLabels(ctx, obj.Row)
}

func (r *secretResolver) Versions(ctx context.Context, obj *graph.Secret, first *int32, after *string) (*graph.SecretVersionConnection, error) {
	p, err := asked(ctx, first, after)
	if err != nil {
		return nil, err
	}

	return r.secretVersions(ctx, obj.Row, p)
}

func (r *secretResolver) References(ctx context.Context, obj *graph.Secret, first *int32, after *string) (*graph.SecretReferenceConnection, error) {
	p, err := asked(ctx, first, after)
	if err != nil {
		return nil, err
	}

	return r.referencesOf(ctx, obj.Row, p)
}

func (r *Resolver) Secret() graph.SecretResolver { return &secretResolver{r} }

type secretResolver struct{ *Resolver }
