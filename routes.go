package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/httpserver"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/rest"
)

// routes answer by the operations of GraphQL, and send stored files themselves.
func routes(graphQL http.Handler, a adapters, log *slog.Logger) (httpserver.REST, error) {
	api, err := rest.New(rest.Options{
		GraphQL:   graphQL,
		Contents:  contents{object.NewReader(a.db, a.blobs)},
		Log:       log,
		RequestID: httpserver.RequestID,
		Stopping:  httpserver.Stopping,
		Time:      httpserver.DefaultLimits().Request,
	})
	if err != nil {
		return httpserver.REST{}, fmt.Errorf("making the routes: %w", err)
	}

	return httpserver.REST{
		Refuse:      api.Refuse,
		LargeBodies: rest.LargeBodies,
		Find: func(r *http.Request) (httpserver.Endpoint, bool) {
			at, ok := api.Find(r)
			return httpserver.Endpoint(at), ok
		},
	}, nil
}

// contents are the stored files, by the ids that routes have.
type contents struct{ *object.Reader }

// Open implements rest.Contents.
func (c contents) Open(ctx context.Context, a authz.Actor, version string, from, length int64) (io.ReadCloser, error) {
	return c.Reader.Open(ctx, a, object.VersionID(version), from, length)
}
