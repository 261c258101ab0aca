package app

import (
	"net/http"

	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/httpserver"
	"github.com/provenanceone/data-api/internal/rest"
	"github.com/provenanceone/data-api/internal/scalar"
	"github.com/provenanceone/data-api/internal/transport"
	"github.com/provenanceone/data-api/resolvers"
)

// graphQL answers the operations of the contract.
func (a *App) graphQL() http.Handler {
	guard := resolvers.NewGuard(a.contract, a.Denials)
	schema := graph.NewExecutableSchema(graph.Config{
		Schema:     a.contract,
		Resolvers:  resolvers.New(a.nouns, guard),
		Directives: guard.Directives(),
	})
	return transport.NewServer(schema, transport.Options{
		Options: document.Options{
			Limits:      documentLimits(a.settings.Requests),
			AnswerBytes: scalar.AnswerBytes,
			Trusted:     a.nouns.TrustedDocuments,
			Prepared:    a.prepared,
			Rate:        a.rate,
			Waited:      a.Metrics.Waited("points"),
			Log:         a.log,
			RequestID:   httpserver.RequestID,
		},
		Transports: []graphql.Transport{rest.Transport{}},
		Connections: transport.Connections{
			Admit:        httpserver.Admit,
			Stopping:     httpserver.Stopping,
			Time:         a.Limits().Request,
			Sockets:      a.settings.MaxSockets,
			Operations:   a.settings.Requests.SocketOperations,
			Init:         a.settings.Requests.SocketInitTime,
			Observe:      a.Metrics.Request,
			Opened:       a.Metrics.Socket,
			Tracer:       a.tracer,
			CheckMessage: httpserver.CheckMessage,
			CheckRequest: httpserver.CheckRequest,
		},
	})
}
