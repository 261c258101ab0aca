package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/upload"
)

func (r *mutationResolver) CreateUploadURL(ctx context.Context, input graph.CreateUploadURLInput) (*graph.CreateUploadURLPayload, error) {
	grant, err := r.nouns.Uploads.Begin(ctx, authz.ActorFrom(ctx), uploadRequest(input))
	return uploadURLPayload(grant), err
}

func (r *mutationResolver) CompleteUpload(ctx context.Context, input graph.CompleteUploadInput) (*graph.CompleteUploadPayload, error) {
	u, err := r.nouns.Uploads.Complete(ctx, authz.ActorFrom(ctx), upload.ID(input.UploadID))
	if err != nil {
		return nil, err
	}

	o, err := r.becameOf(ctx, u)
	return &graph.CompleteUploadPayload{Upload: uploadOf(u), Object: o}, err
}

func (r *mutationResolver) CancelUpload(ctx context.Context, input graph.CancelUploadInput) (*graph.CancelUploadPayload, error) {
	u, err := r.nouns.Uploads.Cancel(ctx, authz.ActorFrom(ctx), upload.ID(input.UploadID))
	return &graph.CancelUploadPayload{Upload: uploadOf(u)}, err
}

func (r *uploadResolver) Datastore(ctx context.Context, obj *graph.Upload) (*graph.Datastore, error) {
	return parentOf(ctx, obj.Row, "datastore", r.datastores(),
		func(u upload.Upload) datastore.ID { return u.DatastoreID })
}

func (r *uploadResolver) Version(ctx context.Context, obj *graph.Upload) (*graph.ObjectVersion, error) {
	return parentOf(ctx, obj.Row, "version", r.versions(), versionID)
}

func (r *Resolver) Upload() graph.UploadResolver { return &uploadResolver{r} }

type uploadResolver struct{ *Resolver }
