package resolvers

import (
	"github.com/provenanceone/data-api/dataloader"
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/upload"
)

func uploadRequest(in graph.CreateUploadURLInput) upload.BeginRequest {
	return upload.BeginRequest{
		DatastoreID:     datastore.ID(in.DatastoreID),
		Key:             in.Key,
		ContentType:     in.ContentType,
		MaxBytes:        in.MaxBytes,
		MD5:             in.Md5,
		IfVersion:       in.IfVersion,
		IfVersionID:     versionIDFrom(in.IfVersionID),
		TTL:             *in.ExpiresIn,
		Metadata:        in.Metadata,
		Run:             in.Run,
		ContentTypeOnly: *in.ContentTypeOnly,
		Resumable:       *in.Mode == graph.UploadModeResumable,
		Origin:          in.Origin,
		IdempotencyKey:  in.IdempotencyKey,
	}
}

func uploadOf(u upload.Upload) *graph.Upload { return uploadsOf([]upload.Upload{u})[0] }

func uploadsOf(all []upload.Upload) []*graph.Upload {
	return each(dataloader.Rows(all), func(row dataloader.Upload) *graph.Upload {
		u := row.Self
		out := &graph.Upload{
			ID:          u.ID.String(),
			Key:         u.Key,
			ContentType: u.ContentType,
			MaxBytes:    u.MaxBytes,
			State:       graph.UploadState(u.State),
			ExpiresAt:   u.ExpiresAt,
			CreatedAt:   u.CreatedAt,
			CreatedBy:   actorOf(u.CreatedBy),
			Row:         row,
		}
		if u.Rejection != nil {
			why := graph.UploadRejection(*u.Rejection)
			out.Rejection = &why
		}

		return out
	})
}

func uploadState(s *graph.UploadState) upload.State {
	if s == nil {
		return ""
	}

	return upload.State(*s)
}

func uploadConnection(p page.Page[upload.Upload], nodes []*graph.Upload) *graph.UploadConnection {
	edges, info := gather[graph.UploadEdge](p, nodes)
	return &graph.UploadConnection{Nodes: nodes, Edges: edges, PageInfo: info}
}

func uploadURLPayload(g upload.Grant) *graph.CreateUploadURLPayload {
	headers := make([]*graph.HTTPHeader, len(g.Put.Headers))
	for i, h := range g.Put.Headers {
		headers[i] = &graph.HTTPHeader{Name: h.Name, Value: h.Value}
	}

	return &graph.CreateUploadURLPayload{
		Upload:  uploadOf(g.Upload),
		URL:     textOrNull(g.Put.URL),
		Method:  "PUT",
		Headers: headers,
	}
}
