package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/run"
)

func (r *mutationResolver) RunStorageStep(ctx context.Context, input graph.StorageStepInput) (*graph.StorageStepPayload, error) {
	done, err := r.nouns.Steps.Execute(ctx, authz.ActorFrom(ctx), storageStep(input))
	if err != nil {
		return nil, err
	}

	return storageStepPayload(done), nil
}

func (r *mutationResolver) InjectSecrets(ctx context.Context, input graph.InjectSecretsInput) (*graph.InjectSecretsPayload, error) {
	given, err := r.nouns.Runs.Inject(ctx, authz.ActorFrom(ctx), injection(input))
	if err != nil {
		return nil, err
	}

	return injectionPayload(given), nil
}

func (r *mutationResolver) RedactOutput(ctx context.Context, input graph.RedactOutputInput) (*graph.RedactOutputPayload, error) {
	done, err := r.nouns.Runs.Redact(ctx, authz.ActorFrom(ctx), proof(input.LeaseID, input.Token), input.Output)
	if err != nil {
		return nil, err
	}

	return redactionPayload(done), nil
}

func (r *mutationResolver) EndLease(ctx context.Context, input graph.EndLeaseInput) (*graph.EndLeasePayload, error) {
	if err := r.nouns.Runs.End(ctx, authz.ActorFrom(ctx), proof(input.LeaseID, input.Token)); err != nil {
		return nil, err
	}

	return &graph.EndLeasePayload{LeaseID: input.LeaseID}, nil
}

func (r *mutationResolver) AddRuntimeKey(ctx context.Context, input graph.AddRuntimeKeyInput) (*graph.AddRuntimeKeyPayload, error) {
	k, err := r.nouns.Runs.AddKey(ctx, authz.ActorFrom(ctx), input.Name, input.PublicKey)
	if err != nil {
		return nil, err
	}

	return &graph.AddRuntimeKeyPayload{RuntimeKey: runtimeKeyOf(k)}, nil
}

func (r *mutationResolver) RemoveRuntimeKey(ctx context.Context, input graph.RemoveRuntimeKeyInput) (*graph.RemoveRuntimeKeyPayload, error) {
	if err := r.nouns.Runs.RemoveKey(ctx, authz.ActorFrom(ctx), run.KeyID(input.RuntimeKeyID)); err != nil {
		return nil, err
	}

	return &graph.RemoveRuntimeKeyPayload{RuntimeKeyID: input.RuntimeKeyID}, nil
}

func (r *queryResolver) RuntimeKeys(ctx context.Context, first *int32, after *string) (*graph.RuntimeKeyConnection, error) {
	p, err := asked(ctx, first, after)
	if err != nil {
		return nil, err
	}

	keys, err := r.nouns.Runs.ListKeys(ctx, authz.ActorFrom(ctx), p)
	if err != nil {
		return nil, err
	}

	return runtimeKeyConnection(keys), nil
}
