// Package document guards the GraphQL documents that callers send: what they may cost, how often a field may stand in
// them, and what an error may say. All of it is extensions of the GraphQL server and knows nothing of the schema's
// nouns.
package document

import (
	"context"
	"log/slog"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"

	"github.com/provenanceone/data-api/internal/fair"
)

// Options are what NewServer needs to know. The zero value of a field other than Log and RequestID is its default.
type Options struct {
	// Limits bound the document; DefaultLimits if zero.
	Limits Limits
	// Shares are the points that may be under way at once; DefaultShares if zero.
	Shares fair.Limits
	// Errors is how many errors an answer has at most; DefaultErrors if zero.
	Errors int
	// AnswerBytes is how many bytes an answer may have; nil for any number.
	AnswerBytes func() int64
	// Once names root fields that may stand at most once in a request.
	Once []string
	// Cache bounds the parsed documents that are kept; DefaultCache if zero.
	Cache CacheLimits
	// Log receives what callers must not see.
	Log *slog.Logger
	// RequestID returns the id under which an error is found in the log.
	RequestID func(context.Context) string
	// Connections are for streams and sockets; without its Admit there are none.
	Connections Connections
	// Transports are asked before those of this package whether a request is theirs.
	Transports []graphql.Transport
}

func (o Options) withDefaults() Options {
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits()
	}

	if o.Shares == (fair.Limits{}) {
		o.Shares = DefaultShares()
	}

	if o.Errors == 0 {
		o.Errors = DefaultErrors
	}

	if o.Cache == (CacheLimits{}) {
		o.Cache = DefaultCache()
	}

	o.Connections = o.Connections.withDefaults()
	return o
}

// NewServer returns a server for a schema that runs queries and mutations sent by POST, and queries sent by GET,
// behind every guard of this package. With Connections it also streams the answers of what is sent by POST or GET, and
// opens sockets; subscriptions run there only.
//
// It may be introspected: nobody reaches it without a credential. Further transports and extensions are added with
// AddTransport and Use before the first request.
func NewServer(schema graphql.ExecutableSchema, o Options) *handler.Server {
	o = o.withDefaults()
	server := handler.New(schema)
	for _, transport := range o.Transports {
		server.AddTransport(transport)
	}

	addConnections(server, o)
	server.AddTransport(POST{Errors: o.Errors})
	server.AddTransport(GET{Errors: o.Errors})
	withoutHints(server)
	server.SetParserTokenLimit(o.Limits.Tokens)
	server.SetQueryCache(newCache(o.Cache))
	server.SetErrorPresenter(Presenter(o.Log, o.RequestID))
	server.SetRecoverFunc(Recover(o.Log, o.RequestID))
	server.Use(NewLimits(o.Limits))
	server.Use(NewVariables())
	for _, field := range o.Once {
		server.Use(AtMostOnce(field))
	}

	server.Use(NewRoots())
	server.Use(NewCost(o.Limits.Cost, fair.NewGate(o.Shares)))
	server.Use(AtMostErrors(o.Errors))
	if o.AnswerBytes != nil {
		server.Use(AtMostBytes(o.AnswerBytes))
	}

	server.Use(extension.Introspection{})
	return server
}

func addConnections(server *handler.Server, o Options) {
	if o.Connections.Admit == nil {
		return
	}

	o.Connections.recover = Recover(o.Log, o.RequestID)
	server.AddTransport(Socket{Connections: o.Connections, Errors: o.Errors, Log: o.Log, RequestID: o.RequestID})
	server.AddTransport(SSE{Connections: o.Connections, Errors: o.Errors})
}

// unchecked is embedded by extensions that fit every schema.
type unchecked struct{}

// Validate accepts every schema.
func (unchecked) Validate(graphql.ExecutableSchema) error { return nil }
