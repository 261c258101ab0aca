package resolvers

import (
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/redact"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
)

func injection(in graph.InjectSecretsInput) run.InjectRequest {
	r := run.InjectRequest{
		Run:          *in.Run,
		RuntimeKeyID: run.KeyID(in.RuntimeKeyID),
		LeaseFor:     *in.LeaseFor,
		LeaseID:      (*run.LeaseID)(in.LeaseID),
		Consumer:     run.Consumer{Kind: reference.Kind(in.Consumer.Kind), ExternalID: in.Consumer.ExternalID},
		Secrets:      make([]run.SecretRequest, len(in.Secrets)),
	}
	for i, w := range in.Secrets {
		r.Secrets[i] = run.SecretRequest{SecretID: secret.ID(w.SecretID), Field: w.Field}
	}

	return r
}

func injectionPayload(given run.Injection) *graph.InjectSecretsPayload {
	return &graph.InjectSecretsPayload{
		LeaseID:     given.Lease.ID.String(),
		SealedToken: given.SealedToken,
		ExpiresAt:   given.Lease.ExpiresAt,
		Secrets: each(given.Secrets, func(s run.SealedValue) *graph.SealedSecret {
			return &graph.SealedSecret{
				SecretID: s.SecretID.String(),
				Field:    s.Field,
				Name:     s.Name,
				Version:  s.Version,
				Sealed:   s.Sealed,
			}
		}),
	}
}

func proof(lease string, token secret.Value) run.Proof {
	return run.Proof{LeaseID: run.LeaseID(lease), Token: token}
}

func redactionOf(c redact.Count) *graph.Redaction {
	//nolint:gosec // versions are of that type; half a MiB holds fewer marks
	return &graph.Redaction{SecretID: c.ID, Version: int32(c.Version), Count: int32(c.Count)}
}

func redactionPayload(done run.RedactResult) *graph.RedactOutputPayload {
	return &graph.RedactOutputPayload{
		Output:     done.Output,
		Redactions: each(done.Counts, redactionOf),
		Unmasked:   each(done.Unmasked, unmaskedOf),
	}
}

func unmaskedOf(u redact.Unmasked) *graph.Unmasked {
	//nolint:gosec // versions are of that type; 64 KiB hold fewer parts
	return &graph.Unmasked{SecretID: u.ID, Version: int32(u.Version), Parts: int32(u.Parts)}
}

func runtimeKeyOf(k run.RuntimeKey) *graph.RuntimeKey {
	return &graph.RuntimeKey{
		ID:        k.ID.String(),
		Name:      k.Name,
		PublicKey: k.PublicKey,
		CreatedAt: k.CreatedAt,
		CreatedBy: actorOf(k.CreatedBy),
	}
}

func runtimeKeysOf(all []run.RuntimeKey) []*graph.RuntimeKey { return each(all, runtimeKeyOf) }

func runtimeKeyConnection(p page.Page[run.RuntimeKey]) *graph.RuntimeKeyConnection {
	nodes := runtimeKeysOf(p.Items)
	edges, info := gather[graph.RuntimeKeyEdge](p, nodes)
	return &graph.RuntimeKeyConnection{Nodes: nodes, Edges: edges, PageInfo: info}
}

func storageStep(in graph.StorageStepInput) run.Step {
	return run.Step{
		Run:            *in.Run,
		Action:         run.StorageAction(in.Action),
		DatastoreID:    datastore.ID(in.DatastoreID),
		Key:            in.Key,
		Prefix:         in.Prefix,
		Version:        in.Version,
		IfVersion:      in.IfVersion,
		IfVersionID:    versionIDFrom(in.IfVersionID),
		Text:           in.Text,
		Bytes:          in.Base64,
		ContentType:    in.ContentType,
		First:          in.First,
		After:          in.After,
		IdempotencyKey: in.IdempotencyKey,
	}
}

func storageStepPayload(done run.StepResult) *graph.StorageStepPayload {
	out := &graph.StorageStepPayload{DownloadURL: textOrNull(done.DownloadURL)}
	if done.Version != nil {
		out.Version = versionOf(*done.Version)
	}

	if done.Content != nil {
		out.Content = contentOf(*done.Content)
	}

	if done.Objects != nil {
		all := objectConnection(*done.Objects, objectsOf(done.Objects.Items))
		out.Objects = &graph.ObjectPage{Nodes: all.Nodes, PageInfo: all.PageInfo}
	}

	return out
}
