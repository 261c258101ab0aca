package app

import (
	"cmp"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/httpserver"
)

// Limits are those of requests, as the settings have them; what is zero there is the default.
func (a *App) Limits() httpserver.Limits {
	r, most := a.settings.Requests, httpserver.DefaultLimits()
	most.Request = cmp.Or(r.RequestTime, most.Request)
	most.FailedCredentials = cmp.Or(r.FailedCredentials, most.FailedCredentials)
	most.HeaderBytes = cmp.Or(r.HeaderBytes, most.HeaderBytes)
	most.Headers = cmp.Or(r.HeaderTime, most.Headers)
	most.Body = cmp.Or(r.BodyTime, most.Body)
	most.Idle = cmp.Or(r.IdleTime, most.Idle)
	return most
}

// documentLimits are those of documents, likewise.
func documentLimits(r config.Requests) document.Limits {
	most := document.DefaultLimits()
	most.Bytes = cmp.Or(r.DocumentBytes, most.Bytes)
	most.Tokens = cmp.Or(r.DocumentTokens, most.Tokens)
	most.Aliases = cmp.Or(r.Aliases, most.Aliases)
	most.RootFields = cmp.Or(r.RootFields, most.RootFields)
	most.Depth = cmp.Or(r.Depth, most.Depth)
	most.IntrospectionDepth = cmp.Or(r.IntrospectionDepth, most.IntrospectionDepth)
	most.Directives = cmp.Or(r.Directives, most.Directives)
	most.Fragments = cmp.Or(r.Fragments, most.Fragments)
	most.Cost = cmp.Or(r.Cost, most.Cost)
	return most
}
