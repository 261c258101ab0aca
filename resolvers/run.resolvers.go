package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/run"
)

func (r *mutationResolver) RunStorageStep(ctx context.Context, input graph.StorageStepInput) (*graph.StorageStepPayload, error) {
	done, err := r.nouns.Steps.Execute(ctx, authz.ActorFrom(ctx), storageStep(input))
	return storageStepPayload(done), err
}

func (r *mutationResolver) InjectSecrets(ctx context.Context, input graph.InjectSecretsInput) (*graph.InjectSecretsPayload, error) {
	given, err := r.nouns.Runs.Inject(ctx, authz.ActorFrom(ctx), injection(input))
	return injectionPayload(given), err
}

func (r *mutationResolver) RedactOutput(ctx context.Context, input graph.RedactOutputInput) (*graph.RedactOutputPayload, error) {
	done, err := r.nouns.Runs.Redact(ctx, authz.ActorFrom(ctx), proof(input.LeaseID, input.Token), input.Output)
	return redactionPayload(done), err
}

func (r *mutationResolver) EndLease(ctx context.Context, input graph.EndLeaseInput) (*graph.EndLeasePayload, error) {
	err := r.nouns.Runs.End(ctx, authz.ActorFrom(ctx), proof(input.LeaseID, input.Token))
	return &graph.EndLeasePayload{LeaseID: input.LeaseID}, err
}

func (r *mutationResolver) AddRuntimeKey(ctx context.Context, input graph.AddRuntimeKeyInput) (*graph.AddRuntimeKeyPayload, error) {
	k, err := r.nouns.Runs.AddKey(ctx, authz.ActorFrom(ctx), input.Name, input.PublicKey)
	return &graph.AddRuntimeKeyPayload{RuntimeKey: runtimeKeyOf(k)}, err
}

func (r *mutationResolver) RemoveRuntimeKey(ctx context.Context, input graph.RemoveRuntimeKeyInput) (*graph.RemoveRuntimeKeyPayload, error) {
	err := r.nouns.Runs.RemoveKey(ctx, authz.ActorFrom(ctx), run.KeyID(input.RuntimeKeyID))
	return &graph.RemoveRuntimeKeyPayload{RuntimeKeyID: input.RuntimeKeyID}, err
}

func (r *queryResolver) RuntimeKeys(ctx context.Context, first *int32, after *string) (*graph.RuntimeKeyConnection, error) {
	return list(ctx, first, after, r.nouns.Runs.ListKeys, runtimeKeyConnection)
}
