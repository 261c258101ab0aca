package resolvers

import (
	"bytes"
	"encoding/json"

	"github.com/provenanceone/data-api/dataloader"
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
)

func downloadRequest(in graph.CreateDownloadURLInput) object.DownloadRequest {
	return object.DownloadRequest{
		DatastoreID: datastore.ID(in.DatastoreID),
		Key:         in.Key,
		Version:     in.Version,
		TTL:         *in.ExpiresIn,
		Filename:    in.Filename,
	}
}

func copyRequest(in graph.CopyObjectInput) object.CopyRequest {
	return object.CopyRequest{
		From: object.Source{
			DatastoreID: datastore.ID(in.DatastoreID),
			Key:         in.Key,
			Version:     in.Version,
		},
		TargetID:          datastore.ID(in.TargetDatastoreID),
		TargetKey:         in.TargetKey,
		IfTargetVersion:   in.IfTargetVersion,
		IfTargetVersionID: versionIDFrom(in.IfTargetVersionID),
		IdempotencyKey:    in.IdempotencyKey,
	}
}

func restoreRequest(in graph.RestoreObjectVersionInput) object.RestoreRequest {
	return object.RestoreRequest{
		DatastoreID:    datastore.ID(in.DatastoreID),
		Key:            in.Key,
		Version:        in.Version,
		IfVersion:      in.IfVersion,
		IfVersionID:    versionIDFrom(in.IfVersionID),
		IdempotencyKey: in.IdempotencyKey,
	}
}

func renameRequest(in graph.RenameObjectInput) object.RenameRequest {
	return object.RenameRequest{
		DatastoreID:    datastore.ID(in.DatastoreID),
		Key:            in.Key,
		NewKey:         in.NewKey,
		IfVersion:      in.IfVersion,
		IfVersionID:    versionIDFrom(in.IfVersionID),
		IdempotencyKey: in.IdempotencyKey,
	}
}

func updateObjectRequest(in graph.UpdateObjectInput) object.UpdateRequest {
	return object.UpdateRequest{
		DatastoreID: datastore.ID(in.DatastoreID),
		Key:         in.Key,
		Metadata:    in.Metadata,
		Only:        only(in.IfVersion, in.IfVersionID),
	}
}

func versionIDFrom(in *string) *object.VersionID { return (*object.VersionID)(in) }

func only(number *int32, id *string) object.Precondition {
	return object.Precondition{Version: number, ID: versionIDFrom(id)}
}

func downloadPayload(d object.Download) *graph.CreateDownloadURLPayload {
	return &graph.CreateDownloadURLPayload{URL: d.URL, ExpiresAt: d.ExpiresAt, Version: versionOf(d.Version)}
}

func objectsOf(all []object.Object) []*graph.DatastoreObject {
	currents := make([]object.Version, len(all))
	for i, o := range all {
		currents[i] = o.Current
	}

	versions := versionsOf(currents)
	objects := make([]*graph.DatastoreObject, len(all))
	for i, row := range dataloader.Rows(all) {
		objects[i] = &graph.DatastoreObject{ID: row.Self.ID.String(), Key: row.Self.Key, Current: versions[i], Row: row}
	}

	return objects
}

func versionOf(v object.Version) *graph.ObjectVersion { return versionsOf([]object.Version{v})[0] }

func versionsOf(all []object.Version) []*graph.ObjectVersion {
	return each(dataloader.Rows(all), func(row dataloader.Version) *graph.ObjectVersion {
		v := row.Self
		return &graph.ObjectVersion{
			ID:          v.ID.String(),
			Version:     v.Version,
			SizeBytes:   v.SizeBytes,
			ContentType: v.ContentType,
			Crc32c:      v.CRC32C,
			Md5:         v.MD5,
			WrittenBy:   v.WrittenBy,
			CreatedAt:   v.CreatedAt,
			CreatedBy:   actorOf(v.CreatedBy),
			Row:         row,
		}
	})
}

// metadataOf keeps every digit of numbers: one that no float64 holds would lose some, or fail.
func metadataOf(raw json.RawMessage) (object map[string]any, err error) {
	if raw == nil {
		return map[string]any{}, nil
	}

	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	return object, decoder.Decode(&object)
}

func contentOf(c object.Content) *graph.ObjectContent {
	return &graph.ObjectContent{Text: c.Text(), Base64: append([]byte{}, c.Bytes...), Truncated: c.Truncated}
}

func objectConnection(p page.Page[object.Object], nodes []*graph.DatastoreObject) *graph.DatastoreObjectConnection {
	edges, info := gather[graph.DatastoreObjectEdge](p, nodes)
	return &graph.DatastoreObjectConnection{Nodes: nodes, Edges: edges, PageInfo: info}
}

func objectVersionConnection(p page.Page[object.Version], nodes []*graph.ObjectVersion) *graph.ObjectVersionConnection {
	edges, info := gather[graph.ObjectVersionEdge](p, nodes)
	return &graph.ObjectVersionConnection{Nodes: nodes, Edges: edges, PageInfo: info}
}

func objectFilter(prefix, folder *string) object.Filter {
	return object.Filter{Prefix: textOf(prefix), Folder: folder}
}

// textOfFilter tells filters apart in calls that are answered together.
func textOfFilter(f object.Filter) string {
	if f.Folder == nil {
		return f.Prefix
	}

	return f.Prefix + "\x00" + *f.Folder
}

func below(prefix, delimiter *string) object.Below {
	return object.Below{Prefix: textOf(prefix), Delimiter: *delimiter}
}

func foldersOf(all []object.Folder) []*graph.ObjectFolder {
	return each(all, func(f object.Folder) *graph.ObjectFolder { return &graph.ObjectFolder{Prefix: f.Prefix} })
}

func folderConnection(p page.Page[object.Folder], nodes []*graph.ObjectFolder) *graph.ObjectFolderConnection {
	edges, info := gather[graph.ObjectFolderEdge](p, nodes)
	return &graph.ObjectFolderConnection{Nodes: nodes, Edges: edges, PageInfo: info}
}
