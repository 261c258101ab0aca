package resolvers

import (
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
)

func downloadRequest(in graph.CreateDownloadURLInput) object.DownloadRequest {
	return object.DownloadRequest{DatastoreID: datastore.ID(in.DatastoreID), Key: in.Key, Version: in.Version, TTL: in.ExpiresIn, Filename: in.Filename}
}

func downloadPayload(d object.Download) *graph.CreateDownloadURLPayload {
	return &graph.CreateDownloadURLPayload{URL: d.URL, ExpiresAt: d.ExpiresAt, Version: versionOf(d.Version)}
}

// objectOf carries along the datastore that it is in, where that is known; nil where it is not.
func objectOf(o object.Object, in *datastore.Datastore) *graph.DatastoreObject {
	current := versionOf(o.Current)
	current.Of, current.In = &o, in
	return &graph.DatastoreObject{ID: o.ID.String(), Key: o.Key, Current: current, DatastoreID: o.DatastoreID, In: in}
}

func versionOf(v object.Version) *graph.ObjectVersion {
	metadata := v.Metadata
	if metadata == nil {
		metadata = map[string]any{}
	}
	return &graph.ObjectVersion{ID: v.ID.String(), Version: v.Version, SizeBytes: v.SizeBytes, ContentType: v.ContentType, Crc32c: v.CRC32C,
		Md5: v.MD5, Metadata: metadata, CreatedAt: v.CreatedAt, CreatedBy: actorOf(v.CreatedBy), ObjectID: v.ObjectID}
}

func contentOf(c object.Content) *graph.ObjectContent {
	return &graph.ObjectContent{Text: c.Text(), Base64: append([]byte{}, c.Bytes...), Truncated: c.Truncated}
}

func objectConnection(p page.Page[object.Object], in *datastore.Datastore) *graph.DatastoreObjectConnection {
	nodes, edges, info := gather(p, func(o object.Object) page.Key { return page.Key{o.Key} },
		func(o object.Object) *graph.DatastoreObject { return objectOf(o, in) },
		func(cursor string, n *graph.DatastoreObject) *graph.DatastoreObjectEdge {
			return &graph.DatastoreObjectEdge{Cursor: cursor, Node: n}
		})
	return &graph.DatastoreObjectConnection{Nodes: nodes, Edges: edges, PageInfo: info}
}
