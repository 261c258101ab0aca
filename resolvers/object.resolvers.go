package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
)

func (r *datastoreObjectResolver) Datastore(ctx context.Context, obj *graph.DatastoreObject) (*graph.Datastore, error) {
	return r.datastoreOf(ctx, obj.DatastoreID, obj.In)
}

func (r *mutationResolver) CreateDownloadURL(ctx context.Context, input graph.CreateDownloadURLInput) (*graph.CreateDownloadURLPayload, error) {
	d, err := r.nouns.Objects.Download(ctx, authz.ActorFrom(ctx), downloadRequest(input))
	if err != nil {
		return nil, err
	}
	return downloadPayload(d), nil
}

func (r *mutationResolver) DeleteObject(ctx context.Context, input graph.DeleteObjectInput) (*graph.DeleteObjectPayload, error) {
	id, err := r.nouns.Objects.Delete(ctx, authz.ActorFrom(ctx), datastore.ID(input.DatastoreID), input.Key, input.IfVersion)
	if err != nil {
		return nil, err
	}
	return &graph.DeleteObjectPayload{ObjectID: id.String()}, nil
}

func (r *objectVersionResolver) Object(ctx context.Context, obj *graph.ObjectVersion) (*graph.DatastoreObject, error) {
	return r.objectOf(ctx, obj.ObjectID, obj.Of, obj.In)
}

func (r *objectVersionResolver) Content(ctx context.Context, obj *graph.ObjectVersion, maxBytes int32) (*graph.ObjectContent, error) {
	c, err := r.nouns.Objects.Read(ctx, authz.ActorFrom(ctx), object.VersionID(obj.ID), maxBytes)
	if err != nil {
		return nil, err
	}
	return contentOf(c), nil
}

func (r *Resolver) DatastoreObject() graph.DatastoreObjectResolver {
	return &datastoreObjectResolver{r}
}

func (r *Resolver) ObjectVersion() graph.ObjectVersionResolver { return &objectVersionResolver{r} }

type (
	datastoreObjectResolver struct{ *Resolver }
	objectVersionResolver   struct{ *Resolver }
)
