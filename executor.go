package main

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/httpserver"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/node"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/rest"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/scalar"
	"github.com/provenanceone/data-api/internal/transport"
	"github.com/provenanceone/data-api/internal/workspace"
	"github.com/provenanceone/data-api/resolvers"
)

// executor answers GraphQL operations with the nouns on the adapters.
func executor(a adapters, contract *ast.Schema, denials *audit.Denials, s config.Serve, log *slog.Logger) http.Handler {
	reaper := object.NewReaper(a.db, a.blobs, log)
	once := idempotency.NewService(a.db, a.key)
	uploads := uploads(a, s, once, log)
	datastores := datastore.NewService(a.db, uploads, once, time.Now)
	objects := object.NewService(a.db, a.blobs, uploads, reaper, once, time.Now, log)
	nouns := resolvers.Nouns{
		APIKeys:    apikey.NewService(a.db, mint, once, time.Now),
		AuditLog:   audit.NewLog(a.db),
		Deletions:  deletion.NewService(a.db, uploads),
		Datastores: datastores,
		Members:    member.NewService(a.db, time.Now),
		Nodes:      node.NewService(a.db),
		Objects:    objects,
		References: reference.NewService(a.db),
		Secrets:    secrets(a, s, once, log),
		Runs:       run.NewService(a.db, a.db, a.vault, a.key, time.Now),
		Steps:      run.NewSteps(datastores, objects, objects, a.db, once),
		Uploads:    uploads,
		Workspaces: workspace.NewService(a.db, once, workspace.Policy{
			Regions:    s.RegionNames(),
			Open:       s.OpenWorkspaces,
			LimitBytes: s.DefaultQuota(),
		}),
	}
	guard := resolvers.NewGuard(contract, denials)
	guarded := graph.Config{Schema: contract, Resolvers: resolvers.New(nouns, guard), Directives: guard.Directives()}
	return transport.NewServer(graph.NewExecutableSchema(guarded), transport.Options{
		Options: document.Options{
			AnswerBytes: scalar.AnswerBytes,
			Log:         log,
			RequestID:   httpserver.RequestID,
		},
		Transports: []graphql.Transport{rest.Transport{}},
		Connections: transport.Connections{
			Admit:        httpserver.Admit,
			Stopping:     httpserver.Stopping,
			Time:         httpserver.DefaultLimits().Request,
			Sockets:      s.MaxSockets,
			CheckMessage: httpserver.CheckMessage,
			CheckRequest: httpserver.CheckRequest,
		},
	})
}

func mint() apikey.Token {
	t := authn.NewToken()
	return apikey.Token{Text: t.Reveal(), Prefix: t.Prefix(), Hash: t.Hash()}
}
