// Package document guards the GraphQL documents that callers send: what they may cost, how often a field may stand in
// them, and what an error may say. It bounds a document before the server validates it (Limits), checks the variables,
// adds up the cost of the operation and lets it wait for its share of the server (NewCost), and words every error
// (Presenter).
//
// All of it is extensions of the GraphQL server, which Guard sets. The package knows nothing of the schema's nouns, nor
// of HTTP: how documents arrive is the business of package transport.
package document

import (
	"context"
	"log/slog"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/provenanceone/data-api/internal/fair"
	"github.com/provenanceone/data-api/internal/ratelimit"
)

// Options are what Guard needs to know. The zero value of a field other than Log and RequestID is its default.
type Options struct {
	// Limits bound the document; DefaultLimits if zero.
	Limits Limits
	// Shares are the points that may be under way at once; SharesOf the limit of Cost if zero.
	Shares fair.Limits
	// Rate has the points that each caller may spend in a minute; nil for any number.
	Rate *ratelimit.Limiter
	// Waited is told how long an operation waited for its points; nil for nobody.
	Waited func(took time.Duration)
	// AnswerBytes is how many bytes an answer may have; nil for any number.
	AnswerBytes func() int64
	// Trusted are the documents that callers may name or are held to; nil for none.
	Trusted Trusted
	// Prepared are documents by their texts that are kept ready to be run, as Checker.Prepare returned them.
	Prepared map[string]*ast.QueryDocument
	// Log receives what callers must not see.
	Log *slog.Logger
	// RequestID returns the id under which an error is found in the log.
	RequestID func(context.Context) string
}

func (o Options) withDefaults() Options {
	if o.Limits == (Limits{}) {
		o.Limits = DefaultLimits()
	}

	if o.Shares == (fair.Limits{}) {
		o.Shares = SharesOf(o.Limits.Cost)
	}

	return o
}

// Server is the part of gqlgen's server that Guard sets. No transport is in it.
type Server interface {
	SetParserTokenLimit(limit int)
	SetDisableSuggestion(disabled bool)
	SetValidationRulesFn(all func() *rules.Rules)
	SetQueryCache(cache graphql.Cache[*ast.QueryDocument])
	SetErrorPresenter(present graphql.ErrorPresenterFunc)
	SetRecoverFunc(recovers graphql.RecoverFunc)
	Use(extension graphql.HandlerExtension)
}

// Guard sets every guard of this package on a server, in their order.
//
// It allows introspection: nobody reaches the server without a credential. Further extensions are added with Use
// before the first request.
func Guard(server Server, o Options) {
	o = o.withDefaults()
	known := newCache(cacheOf(o.Limits.Tokens), o.Prepared)
	withoutHints(server)
	server.SetParserTokenLimit(o.Limits.Tokens)
	server.SetQueryCache(known)
	server.SetErrorPresenter(Presenter(o.Log, o.RequestID))
	server.SetRecoverFunc(Recover(o.Log, o.RequestID))
	server.Use(NewOutcomes())
	server.Use(NewBudget(o.Rate))
	if o.Trusted != nil {
		server.Use(NewTrusted(o.Trusted))
	}

	server.Use(NewLimits(o.Limits, known))
	server.Use(NewVariables())
	server.Use(NewOnce())
	server.Use(NewRoots())
	points := fair.NewGate(o.Shares)
	points.Waited = o.Waited
	server.Use(NewCost(o.Limits.Cost, points, o.Rate))
	server.Use(AtMostErrors(MaxErrors))
	if o.AnswerBytes != nil {
		server.Use(AtMostBytes(o.AnswerBytes))
	}

	server.Use(extension.Introspection{})
}

// anySchema is embedded by extensions that fit every schema.
type anySchema struct{}

// Validate accepts every schema.
func (anySchema) Validate(graphql.ExecutableSchema) error { return nil }
