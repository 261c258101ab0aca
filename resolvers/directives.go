package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/schema"
)

// Guard holds the rules of the schema. Whoever is refused is put on record.
type Guard struct {
	denials *audit.Denials
	// rules are the rules of root fields and Node types, by name.
	rules map[string]schema.Rule
	// targets are the fields of inputs that name what a mutation is done to, by mutation.
	targets map[string]string
	// notNull are the fields of inputs that may be left out and not be null, by mutation.
	notNull map[string][]string
}

// NewGuard returns the guard of a contract.
func NewGuard(contract *ast.Schema, denials *audit.Denials) *Guard {
	g := &Guard{
		denials: denials,
		rules:   map[string]schema.Rule{},
		targets: targets(contract),
		notNull: notNull(contract),
	}
	for _, rule := range schema.Rules(contract) {
		g.rules[rule.Name] = rule
	}

	return g
}

// Directives are the guards that stand in the schema.
func (g *Guard) Directives() graph.DirectiveRoot {
	return graph.DirectiveRoot{
		Authorize: func(ctx context.Context, _ any, next graphql.Resolver, role *authz.Role,
			scope *authz.Scope) (any, error) {
			if err := g.admit(ctx, need(role, scope)); err != nil {
				return nil, err
			}

			if err := g.admitInput(ctx); err != nil {
				return nil, err
			}

			if err := g.refuseNull(ctx); err != nil {
				return nil, err
			}

			return next(ctx)
		},
		SignedIn: func(ctx context.Context, _ any, next graphql.Resolver) (any, error) {
			if authz.ActorFrom(ctx).Kind == "" {
				return nil, fault.New(fault.Unauthenticated, "Send a credential: Authorization: Bearer <JWT>, or "+
					"X-API-Key.")
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

// admitTo is admit for a field that returns an interface, whose concrete type no directive guards. A type without a
// rule lets nobody in.
func (g *Guard) admitTo(ctx context.Context, typeName string) error {
	rule := g.rules[typeName]
	if rule.SignedIn {
		return nil // as the field itself has asked
	}

	return g.admit(ctx, rule.Need)
}

// admitInput is admit for the fields of the input that need more than their mutation does.
func (g *Guard) admitInput(ctx context.Context) error {
	at := graphql.GetFieldContext(ctx)
	for _, rule := range g.rules[at.Object+"."+at.Field.Name].Inputs {
		if inputOf(ctx)[rule.Field] == nil {
			continue
		}

		if err := g.admit(ctx, rule.Need); err != nil {
			return err
		}
	}

	return nil
}

func (g *Guard) admit(ctx context.Context, n authz.Need) error {
	actor := authz.ActorFrom(ctx)
	refused := n.Decide(actor)
	if fault.Is(refused, fault.Forbidden) {
		if err := g.denials.Record(ctx, actor, g.refused(ctx, n)); err != nil {
			return err
		}
	}

	return refused
}
