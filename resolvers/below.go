package resolvers

import (
	"context"
	"errors"

	"github.com/provenanceone/data-api/dataloader"
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/upload"
)

// What stands below the rows of a list is read for all of them at once.

func secretID(s secret.Secret) secret.ID { return s.ID }

func objectID(o object.Object) object.ID { return o.ID }

func datastoreID(d datastore.Datastore) datastore.ID { return d.ID }

func (r *Resolver) datastoreLabels(ctx context.Context, row dataloader.Datastore) ([]*graph.Label, error) {
	return dataloader.Each(ctx, row, call{field: "labels"},
		func(ctx context.Context, all []datastore.Datastore) ([][]*graph.Label, error) {
			found, err := r.nouns.Datastores.Labels(ctx, authz.ActorFrom(ctx), idsOf(all, datastoreID))
			return labelsOf(found), err
		})
}

func (r *Resolver) secretLabels(ctx context.Context, row dataloader.Secret) ([]*graph.Label, error) {
	return dataloader.Each(ctx, row, call{field: "labels"},
		func(ctx context.Context, all []secret.Secret) ([][]*graph.Label, error) {
			found, err := r.nouns.Secrets.Labels(ctx, authz.ActorFrom(ctx), idsOf(all, secretID))
			return labelsOf(found), err
		})
}

func (r *Resolver) objectAt(ctx context.Context, row dataloader.Datastore, key string) (*graph.DatastoreObject, error) {
	return dataloader.Each(ctx, row, call{field: "object", of: key},
		func(ctx context.Context, all []datastore.Datastore) ([]*graph.DatastoreObject, error) {
			found, err := r.nouns.Objects.FindAt(ctx, authz.ActorFrom(ctx), idsOf(all, datastoreID), key)
			if err != nil {
				return nil, err
			}

			return sparse(found, objectsOf), nil
		})
}

// sparse makes nodes of what was found, and leaves nil where nothing was.
func sparse[T, N any](found []*T, nodes func([]T) []*N) []*N {
	var present []T
	for _, one := range found {
		if one != nil {
			present = append(present, *one)
		}
	}

	made, all := nodes(present), make([]*N, len(found))
	for i, one := range found {
		if one != nil {
			all[i], made = made[0], made[1:]
		}
	}

	return all
}

func (r *Resolver) objectsIn(
	ctx context.Context, row dataloader.Datastore, f object.Filter, p page.Request,
) (*graph.DatastoreObjectConnection, error) {
	return dataloader.Each(ctx, row, calls("objects", p, textOfFilter(f)),
		func(ctx context.Context, all []datastore.Datastore) ([]*graph.DatastoreObjectConnection, error) {
			pages, err := r.nouns.Objects.List(ctx, authz.ActorFrom(ctx), idsOf(all, datastoreID), f, p)
			return connections(pages, objectsOf, objectConnection), err
		})
}

func (r *Resolver) foldersIn(
	ctx context.Context, row dataloader.Datastore, below object.Below, p page.Request,
) (*graph.ObjectFolderConnection, error) {
	return dataloader.Each(ctx, row, calls("folders", p, below.Prefix+"\x00"+below.Delimiter),
		func(ctx context.Context, all []datastore.Datastore) ([]*graph.ObjectFolderConnection, error) {
			pages, err := r.nouns.Objects.Folders(ctx, authz.ActorFrom(ctx), idsOf(all, datastoreID), below, p)
			return connections(pages, foldersOf, folderConnection), err
		})
}

func (r *Resolver) uploadsIn(
	ctx context.Context, row dataloader.Datastore, state upload.State, p page.Request,
) (*graph.UploadConnection, error) {
	return dataloader.Each(ctx, row, calls("uploads", p, string(state)),
		func(ctx context.Context, all []datastore.Datastore) ([]*graph.UploadConnection, error) {
			pages, err := r.nouns.Uploads.List(ctx, authz.ActorFrom(ctx), idsOf(all, datastoreID), state, p)
			return connections(pages, uploadsOf, uploadConnection), err
		})
}

func (r *Resolver) objectVersions(
	ctx context.Context, row dataloader.Object, p page.Request,
) (*graph.ObjectVersionConnection, error) {
	return dataloader.Each(ctx, row, calls("versions", p, ""),
		func(ctx context.Context, all []object.Object) ([]*graph.ObjectVersionConnection, error) {
			pages, err := r.nouns.Objects.Versions(ctx, authz.ActorFrom(ctx), idsOf(all, objectID), p)
			return connections(pages, versionsOf, objectVersionConnection), err
		})
}

func (r *Resolver) secretVersions(
	ctx context.Context, row dataloader.Secret, p page.Request,
) (*graph.SecretVersionConnection, error) {
	return dataloader.Each(ctx, row, calls("versions", p, ""),
		func(ctx context.Context, all []secret.Secret) ([]*graph.SecretVersionConnection, error) {
			pages, err := r.nouns.Secrets.Versions(ctx, authz.ActorFrom(ctx), idsOf(all, secretID), p)
			return connections(pages, secretVersionsOf, secretVersionConnection), err
		})
}

func (r *Resolver) referencesOf(
	ctx context.Context, row dataloader.Secret, p page.Request,
) (*graph.SecretReferenceConnection, error) {
	return dataloader.Each(ctx, row, calls("references", p, ""),
		func(ctx context.Context, all []secret.Secret) ([]*graph.SecretReferenceConnection, error) {
			pages, err := r.nouns.References.List(ctx, authz.ActorFrom(ctx), idsOf(all, secretID), p)
			return connections(pages, referencesOf, referenceConnection), err
		})
}

func (r *Resolver) readContent(ctx context.Context, row dataloader.Version, most int32) (*graph.ObjectContent, error) {
	reading, err := dataloader.Each(ctx, row, call{field: "content", first: int(most)},
		func(ctx context.Context, all []object.Version) ([]object.Reading, error) {
			return r.nouns.Objects.Read(ctx, authz.ActorFrom(ctx), all, most)
		})
	if err != nil || reading.Err != nil {
		return nil, errors.Join(err, reading.Err)
	}

	return contentOf(reading.Content), nil
}
