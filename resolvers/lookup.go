package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/dataloader"
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/upload"
)

// currentWorkspace returns the workspace that the caller acts in.
func (r *Resolver) currentWorkspace(ctx context.Context) (*graph.Workspace, error) {
	w, err := r.nouns.Workspaces.Find(ctx, authz.ActorFrom(ctx))
	return workspaceOf(w), err
}

// selected is currentWorkspace, or null if the caller has selected none.
func (r *Resolver) selected(ctx context.Context) (*graph.Workspace, error) {
	if authz.ActorFrom(ctx).Workspace == "" {
		return nil, nil //nolint:nilnil // null is the answer
	}

	return r.currentWorkspace(ctx)
}

// kind is how things of one kind are found by their ids, and what they look like in an answer.
type kind[T, N any] struct {
	findAll func(ctx context.Context, a authz.Actor, ids []ident.Of[T]) ([]T, error)
	idOf    func(T) ident.Of[T]
	nodes   func([]T) []*N
}

// byID returns what ids name, in their order; nil where there is nothing. What one answer has of a kind are siblings.
func (k kind[T, N]) byID(ctx context.Context, ids []ident.Of[T]) ([]*N, error) {
	found, err := k.findAll(ctx, authz.ActorFrom(ctx), ids)
	if err != nil {
		return nil, err
	}

	named := make(map[ident.Of[T]]*N, len(found))
	for i, n := range k.nodes(found) {
		named[k.idOf(found[i])] = n
	}

	all := make([]*N, len(ids))
	for i, id := range ids {
		all[i] = named[id]
	}

	return all, nil
}

func (r *Resolver) datastores() kind[datastore.Datastore, graph.Datastore] {
	return kind[datastore.Datastore, graph.Datastore]{r.nouns.Datastores.FindAll,
		func(d datastore.Datastore) datastore.ID { return d.ID }, datastoresOf}
}

func (r *Resolver) objects() kind[object.Object, graph.DatastoreObject] {
	return kind[object.Object, graph.DatastoreObject]{r.nouns.Objects.FindAll, objectID, objectsOf}
}

func (r *Resolver) versions() kind[object.Version, graph.ObjectVersion] {
	return kind[object.Version, graph.ObjectVersion]{r.nouns.Objects.FindVersions,
		func(v object.Version) object.VersionID { return v.ID }, versionsOf}
}

func (r *Resolver) secrets() kind[secret.Secret, graph.Secret] {
	return kind[secret.Secret, graph.Secret]{r.nouns.Secrets.FindAll, secretID, secretsOf}
}

// parentOf returns what a row belongs to, or became: one of a kind, read for all siblings at once; nil if it is gone.
func parentOf[T, P, N any](
	ctx context.Context, row dataloader.Row[T], field string, k kind[P, N], idOf func(T) ident.Of[P],
) (*N, error) {
	return dataloader.Each(ctx, row, call{field: field}, func(ctx context.Context, all []T) ([]*N, error) {
		return k.byID(ctx, idsOf(all, idOf))
	})
}

func idsOf[T, ID any](all []T, idOf func(T) ID) []ID {
	ids := make([]ID, len(all))
	for i, one := range all {
		ids[i] = idOf(one)
	}

	return ids
}

// becameOf returns the object that an upload became, or nil if it became none or that is gone.
func (r *Resolver) becameOf(ctx context.Context, u upload.Upload) (*graph.DatastoreObject, error) {
	versions, err := r.nouns.Objects.FindVersions(ctx, authz.ActorFrom(ctx), []object.VersionID{versionID(u)})
	if err != nil || len(versions) == 0 {
		return nil, err
	}

	objects, err := r.objects().byID(ctx, []object.ID{versions[0].ObjectID})
	if err != nil {
		return nil, err
	}

	return objects[0], nil
}

// versionID is the id of the version that an upload became; empty, which names nothing, if it became none.
func versionID(u upload.Upload) object.VersionID {
	if u.VersionID == nil {
		return ""
	}

	return *u.VersionID
}
