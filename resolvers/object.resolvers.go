package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
)

func (r *datastoreObjectResolver) Datastore(ctx context.Context, obj *graph.DatastoreObject) (*graph.Datastore, error) {
	return parentOf(ctx, obj.Row, "datastore", r.datastores(),
		func(o object.Object) datastore.ID { return o.DatastoreID })
}

func (r *datastoreObjectResolver) Versions(ctx context.Context, obj *graph.DatastoreObject, first *int32, after *string) (*graph.ObjectVersionConnection, error) {
	p, err := asked(ctx, first, after)
	if err != nil {
		return nil, err
	}

	return r.objectVersions(ctx, obj.Row, p)
}

func (r *mutationResolver) CreateDownloadURL(ctx context.Context, input graph.CreateDownloadURLInput) (*graph.CreateDownloadURLPayload, error) {
	d, err := r.nouns.Objects.Download(ctx, authz.ActorFrom(ctx), downloadRequest(input))
	return downloadPayload(d), err
}

func (r *mutationResolver) DeleteObject(ctx context.Context, input graph.DeleteObjectInput) (*graph.DeleteObjectPayload, error) {
	id, err := r.nouns.Objects.Delete(ctx, authz.ActorFrom(ctx), datastore.ID(input.DatastoreID), input.Key,
		only(input.IfVersion, input.IfVersionID))
	return &graph.DeleteObjectPayload{ObjectID: id.String()}, err
}

func (r *mutationResolver) CopyObject(ctx context.Context, input graph.CopyObjectInput) (*graph.CopyObjectPayload, error) {
	v, err := r.nouns.Objects.Copy(ctx, authz.ActorFrom(ctx), copyRequest(input))
	return &graph.CopyObjectPayload{Version: versionOf(v)}, err
}

func (r *mutationResolver) RestoreObjectVersion(ctx context.Context, input graph.RestoreObjectVersionInput) (*graph.RestoreObjectVersionPayload, error) {
	v, err := r.nouns.Objects.Restore(ctx, authz.ActorFrom(ctx), restoreRequest(input))
	return &graph.RestoreObjectVersionPayload{Version: versionOf(v)}, err
}

func (r *mutationResolver) RenameObject(ctx context.Context, input graph.RenameObjectInput) (*graph.RenameObjectPayload, error) {
	o, err := r.nouns.Objects.Rename(ctx, authz.ActorFrom(ctx), renameRequest(input))
	return &graph.RenameObjectPayload{Object: objectsOf([]object.Object{o})[0]}, err
}

func (r *mutationResolver) UpdateObject(ctx context.Context, input graph.UpdateObjectInput) (*graph.UpdateObjectPayload, error) {
	v, err := r.nouns.Objects.Update(ctx, authz.ActorFrom(ctx), updateObjectRequest(input))
	return &graph.UpdateObjectPayload{Version: versionOf(v)}, err
}

func (r *objectVersionResolver) Object(ctx context.Context, obj *graph.ObjectVersion) (*graph.DatastoreObject, error) {
	return parentOf(ctx, obj.Row, "object", r.objects(), func(v object.Version) object.ID { return v.ObjectID })
}

func (r *objectVersionResolver) Metadata(ctx context.Context, obj *graph.ObjectVersion) (map[string]any, error) {
	return metadataOf(obj.Row.Self.Metadata)
}

func (r *objectVersionResolver) Content(ctx context.Context, obj *graph.ObjectVersion, maxBytes *int32) (*graph.ObjectContent, error) {
	return r.readContent(ctx, obj.Row, *maxBytes)
}

func (r *Resolver) DatastoreObject() graph.DatastoreObjectResolver {
	return &datastoreObjectResolver{r}
}

func (r *Resolver) ObjectVersion() graph.ObjectVersionResolver { return &objectVersionResolver{r} }

type (
	datastoreObjectResolver struct{ *Resolver }
	objectVersionResolver   struct{ *Resolver }
)
