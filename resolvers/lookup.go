package resolvers

import (
	"context"

	"github.com/provenanceone/data-api/dataloader"
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
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

// datastoreOf returns the datastore that something belongs to, which is known already or looked up.
func (r *Resolver) datastoreOf(ctx context.Context, id datastore.ID, known *datastore.Datastore) (d *graph.Datastore, err error) {
	if known == nil {
		known, err = dataloader.From(ctx).Datastore.Load(ctx, id)
	}
	if err != nil || known == nil {
		return nil, err
	}
	return datastoreOf(*known), nil
}

// objectOf returns the object of a version, which is known already or looked up; nil if it is gone.
func (r *Resolver) objectOf(ctx context.Context, id object.ID, known *object.Object, in *datastore.Datastore) (o *graph.DatastoreObject, err error) {
	if known == nil {
		known, err = dataloader.From(ctx).Object.Load(ctx, id)
	}
	if err != nil || known == nil {
		return nil, err
	}
	return objectOf(*known, in), nil
}

// versionOf returns the version that an upload became, which is known already or looked up; nil if it became none or that is gone.
func (r *Resolver) versionOf(ctx context.Context, u *graph.Upload) (out *graph.ObjectVersion, err error) {
	v := u.Became
	if v == nil && u.VersionID != "" {
		v, err = dataloader.From(ctx).Version.Load(ctx, u.VersionID)
	}
	if err != nil || v == nil {
		return nil, err
	}
	out = versionOf(*v)
	out.Of, out.In = u.BecameOf, u.In
	return out, nil
}

// becameOf returns the object that an upload became, or nil if it became none or that is gone.
func (r *Resolver) becameOf(ctx context.Context, u upload.Upload) (*graph.DatastoreObject, error) {
	if u.VersionID == nil {
		return nil, nil //nolint:nilnil // null is the answer
	}
	v, err := dataloader.From(ctx).Version.Load(ctx, *u.VersionID)
	if err != nil || v == nil {
		return nil, err
	}
	return r.objectOf(ctx, v.ObjectID, nil, nil)
}

// uploadsOf is a page of a datastore's uploads, with what they became: two queries, however many there are.
func (r *Resolver) uploadsOf(ctx context.Context, p page.Page[upload.Upload], in *datastore.Datastore) (*graph.UploadConnection, error) {
	actor := authz.ActorFrom(ctx)
	var versionIDs []object.VersionID
	for _, u := range p.Items {
		if u.VersionID != nil {
			versionIDs = append(versionIDs, *u.VersionID)
		}
	}
	versions, err := r.nouns.Objects.FindVersions(ctx, actor, versionIDs)
	if err != nil {
		return nil, err
	}
	objects, err := r.nouns.Objects.FindAll(ctx, actor, objectIDs(versions))
	if err != nil {
		return nil, err
	}
	return uploadConnection(p, withVersions(in, versions, objects)), nil
}
