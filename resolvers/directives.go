package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// Directives are the guards of the schema. Whoever is refused is put on record.
func Directives(denials *audit.Denials) graph.DirectiveRoot {
	return graph.DirectiveRoot{
		Authorize: func(ctx context.Context, _ any, next graphql.Resolver, role *authz.Role, scope *authz.Scope) (any, error) {
			return guard(ctx, denials, next, need(role, scope))
		},
		SignedIn: func(ctx context.Context, _ any, next graphql.Resolver) (any, error) {
			if authz.ActorFrom(ctx).Kind == "" {
				return nil, fault.New(fault.Unauthenticated, "Send a credential: Authorization: Bearer <JWT>, or X-API-Key.")
			}
			return next(ctx)
		},
	}
}

func need(role *authz.Role, scope *authz.Scope) (n authz.Need) {
	if role != nil {
		n.Role = *role
	}
	if scope != nil {
		n.Scope = *scope
	}
	return n
}

func guard(ctx context.Context, denials *audit.Denials, next graphql.Resolver, n authz.Need) (any, error) {
	actor := authz.ActorFrom(ctx)
	refused := n.Decide(actor)
	if refused == nil {
		return next(ctx)
	}
	if fault.Is(refused, fault.Forbidden) {
		at := graphql.GetFieldContext(ctx)
		if err := denials.Record(ctx, actor, at.Object+"."+at.Field.Name, n); err != nil {
			return nil, err
		}
	}
	return nil, refused
}
