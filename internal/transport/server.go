// Package transport serves GraphQL over HTTP: operations sent by POST or GET, answers streamed as server-sent events,
// and operations over a WebSocket.
//
// A transport reads an operation, runs it behind the guards of package document, and writes its answers. Whoever
// streams or opens a socket is authenticated again and again, as Connections says, and cut off when the credential
// ends. What callers send is repeated nowhere. Who may call at all, and whose pages, is checked by the server in front.
package transport

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"

	"github.com/provenanceone/data-api/internal/document"
)

// Options are what NewServer needs to know beside what guards the documents.
type Options struct {
	document.Options
	// Connections are for streams and sockets; without its Admit there are none.
	Connections Connections
	// Transports are asked before those of this package whether a request is theirs.
	Transports []graphql.Transport
}

// NewServer returns a server for a schema that runs queries and mutations sent by POST, and queries sent by GET,
// behind every guard of package document. With Connections it also streams the answers of what is sent by POST or GET,
// and opens sockets; subscriptions run there only.
//
// Further transports and extensions are added with AddTransport and Use before the first request.
func NewServer(schema graphql.ExecutableSchema, o Options) *handler.Server {
	server := handler.New(schema)
	for _, transport := range o.Transports {
		server.AddTransport(transport)
	}

	addConnections(server, o)
	server.AddTransport(POST{})
	server.AddTransport(GET{})
	document.Guard(server, o.Options)
	return server
}

func addConnections(server *handler.Server, o Options) {
	if o.Connections.Admit == nil {
		return
	}

	connections := o.Connections.withDefaults()
	connections.recover = document.Recover(o.Log, o.RequestID)
	server.AddTransport(Socket{Connections: connections, Log: o.Log, RequestID: o.RequestID})
	server.AddTransport(SSE{Connections: connections})
}
