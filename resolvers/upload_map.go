package resolvers

import (
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/upload"
)

func uploadRequest(in graph.CreateUploadURLInput) upload.Request {
	return upload.Request{DatastoreID: datastore.ID(in.DatastoreID), Key: in.Key, ContentType: in.ContentType, MaxBytes: in.MaxBytes,
		MD5: in.Md5, IfVersion: in.IfVersion, TTL: in.ExpiresIn, Metadata: in.Metadata}
}

func uploadOf(u upload.Upload) *graph.Upload {
	out := &graph.Upload{ID: u.ID.String(), Key: u.Key, ContentType: u.ContentType, MaxBytes: u.MaxBytes, State: graph.UploadState(u.State),
		ExpiresAt: u.ExpiresAt, CreatedAt: u.CreatedAt, CreatedBy: actorOf(u.CreatedBy), DatastoreID: u.DatastoreID}
	if u.Rejection != nil {
		why := graph.UploadRejection(*u.Rejection)
		out.Rejection = &why
	}
	if u.VersionID != nil {
		out.VersionID = *u.VersionID
	}
	return out
}

func uploadState(s *graph.UploadState) upload.State {
	if s == nil {
		return ""
	}
	return upload.State(*s)
}

func uploadConnection(p page.Page[upload.Upload], node func(upload.Upload) *graph.Upload) *graph.UploadConnection {
	nodes, edges, info := gather(p, func(u upload.Upload) page.Key { return page.Key{u.ID.String()} }, node,
		func(cursor string, n *graph.Upload) *graph.UploadEdge {
			return &graph.UploadEdge{Cursor: cursor, Node: n}
		})
	return &graph.UploadConnection{Nodes: nodes, Edges: edges, PageInfo: info}
}

func uploadURLPayload(g upload.Grant) *graph.CreateUploadURLPayload {
	headers := make([]*graph.HTTPHeader, len(g.Put.Headers))
	for i, h := range g.Put.Headers {
		headers[i] = &graph.HTTPHeader{Name: h.Name, Value: h.Value}
	}
	return &graph.CreateUploadURLPayload{Upload: uploadOf(g.Upload), URL: &g.Put.URL, Method: "PUT", Headers: headers}
}

func objectIDs(versions []object.Version) []object.ID {
	ids := make([]object.ID, len(versions))
	for i, v := range versions {
		ids[i] = v.ObjectID
	}
	return ids
}

// withVersions returns uploadOf for uploads of a datastore, whose versions and objects are known.
func withVersions(in *datastore.Datastore, versions []object.Version, objects []object.Object) func(upload.Upload) *graph.Upload {
	versionOf, objectOf := map[object.VersionID]*object.Version{}, map[object.ID]*object.Object{}
	for i := range objects {
		objectOf[objects[i].ID] = &objects[i]
	}
	for i := range versions {
		versionOf[versions[i].ID] = &versions[i]
	}
	return func(u upload.Upload) *graph.Upload {
		out := uploadOf(u)
		out.In = in
		if out.Became = versionOf[out.VersionID]; out.Became != nil {
			out.BecameOf = objectOf[out.Became.ObjectID]
		}
		return out
	}
}
