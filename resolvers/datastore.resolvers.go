package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
)

func (r *datastoreResolver) Labels(ctx context.Context, obj *graph.Datastore) ([]*graph.Label, error) {
	return r.datastoreLabels(ctx, obj.Row)
}

func (r *datastoreResolver) Object(ctx context.Context, obj *graph.Datastore, key string) (*graph.DatastoreObject, error) {
	return r.objectAt(ctx, obj.Row, key)
}

func (r *datastoreResolver) Objects(ctx context.Context, obj *graph.Datastore, first *int32, after *string, prefix *string, folder *string) (*graph.DatastoreObjectConnection, error) {
	p, err := asked(ctx, first, after)
	if err != nil {
		return nil, err
	}

	return r.objectsIn(ctx, obj.Row, objectFilter(prefix, folder), p)
}

func (r *datastoreResolver) Uploads(ctx context.Context, obj *graph.Datastore, first *int32, after *string, state *graph.UploadState) (*graph.UploadConnection, error) {
	p, err := asked(ctx, first, after)
	if err != nil {
		return nil, err
	}

	return r.uploadsIn(ctx, obj.Row, uploadState(state), p)
}

func (r *datastoreResolver) Folders(ctx context.Context, obj *graph.Datastore, first *int32, after *string, prefix *string, delimiter *string) (*graph.ObjectFolderConnection, error) {
	p, err := asked(ctx, first, after)
	if err != nil {
		return nil, err
	}

	return r.foldersIn(ctx, obj.Row, below(prefix, delimiter), p)
}

func (r *mutationResolver) CreateDatastore(ctx context.Context, input graph.CreateDatastoreInput) (*graph.CreateDatastorePayload, error) {
	d, err := r.nouns.Datastores.Create(ctx, authz.ActorFrom(ctx), newDatastore(input))
	return &graph.CreateDatastorePayload{Datastore: datastoreOf(d)}, err
}

func (r *mutationResolver) UpdateDatastore(ctx context.Context, input graph.UpdateDatastoreInput) (*graph.UpdateDatastorePayload, error) {
	d, err := r.nouns.Datastores.Update(ctx, authz.ActorFrom(ctx), datastore.ID(input.DatastoreID),
		datastoreChange(input))
	return &graph.UpdateDatastorePayload{Datastore: datastoreOf(d)}, err
}

func (r *mutationResolver) DeleteDatastore(ctx context.Context, input graph.DeleteDatastoreInput) (*graph.DeleteDatastorePayload, error) {
	begun, err := r.nouns.Datastores.Delete(ctx, authz.ActorFrom(ctx), datastore.ID(input.DatastoreID), *input.Force)
	return &graph.DeleteDatastorePayload{DatastoreID: input.DatastoreID, Deletion: deletionOf(begun)}, err
}

func (r *queryResolver) Datastore(ctx context.Context, id string) (*graph.Datastore, error) {
	d, err := r.nouns.Datastores.Find(ctx, authz.ActorFrom(ctx), datastore.ID(id))
	return orNull(datastoreOf(d), err)
}

func (r *queryResolver) DatastoreByName(ctx context.Context, name string) (*graph.Datastore, error) {
	d, err := r.nouns.Datastores.FindByName(ctx, authz.ActorFrom(ctx), name)
	return orNull(datastoreOf(d), err)
}

func (r *queryResolver) Datastores(ctx context.Context, first *int32, after *string, nameContains *string, name *string, labels []*graph.LabelFilter, orderBy *graph.DatastoreOrder) (*graph.DatastoreConnection, error) {
	which := datastoreArguments{nameContains, name, labels, orderBy}
	return list(ctx, first, after, filtered(which, datastoreFilter, r.nouns.Datastores.List), datastoreConnection)
}

func (r *Resolver) Datastore() graph.DatastoreResolver { return &datastoreResolver{r} }

type datastoreResolver struct{ *Resolver }
