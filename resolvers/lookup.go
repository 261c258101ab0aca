package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/dataloader"
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/upload"
)

// workspaceOf returns the workspace that the caller acts in.
func (r *Resolver) workspaceOf(ctx context.Context) (*graph.Workspace, error) {
	w, err := r.nouns.Workspaces.Find(ctx, authz.ActorFrom(ctx))
	if err != nil {
		return nil, err
	}
	return workspaceOf(w), nil
}

// selected is workspaceOf, or nil where the caller has selected none.
func (r *Resolver) selected(ctx context.Context) (*graph.Workspace, error) {
	if authz.ActorFrom(ctx).Workspace == "" {
		return nil, nil //nolint:nilnil // null is the answer
	}
	return r.workspaceOf(ctx)
}

// datastoreOf returns the datastore that something belongs to.
func (r *Resolver) datastoreOf(ctx context.Context, id datastore.ID) (*graph.Datastore, error) {
	d, err := dataloader.From(ctx).Datastore.Load(ctx, id)
	if err != nil || d == nil {
		return nil, err
	}
	return datastoreOf(*d), nil
}

// objectOf returns the object that an upload became, or nil if it became none or that is gone.
func (r *Resolver) objectOf(ctx context.Context, u upload.Upload) (*graph.DatastoreObject, error) {
	if u.VersionID == nil {
		return nil, nil //nolint:nilnil // null is the answer
	}
	v, err := dataloader.From(ctx).Version.Load(ctx, *u.VersionID)
	if err != nil || v == nil {
		return nil, err
	}
	o, err := dataloader.From(ctx).Object.Load(ctx, v.ObjectID)
	if err != nil || o == nil {
		return nil, err
	}
	return objectOf(*o), nil
}
