package schema

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/authz"
)

// Rule is what the contract asks of whoever calls a root field or reads a type.
type Rule struct {
	// Name is `Query.field`, `Mutation.field` or the type's name.
	Name string
	// SignedIn is whether any valid credential is enough; if not, Need says what is.
	SignedIn bool
	Need     authz.Need
	// Guards is how many guards stand there. It must be one.
	Guards int
	// Inputs are the fields of a mutation's input that need more than the mutation, in the order of the contract.
	Inputs []InputRule
}

// InputRule is what the contract asks of whoever sends a field of an input.
type InputRule struct {
	Field string
	Need  authz.Need
}

// Rules returns the rule of each root field, then of each Node type, in the order of their names.
func Rules(s *ast.Schema) []Rule {
	var rules []Rule
	for _, root := range []*ast.Definition{s.Query, s.Mutation, s.Subscription} {
		if root == nil {
			continue
		}

		for _, field := range root.Fields {
			if !strings.HasPrefix(field.Name, "__") {
				rule := ruleOf(root.Name+"."+field.Name, field.Directives)
				rule.Inputs = inputRules(s, field)
				rules = append(rules, rule)
			}
		}
	}

	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.Name, b.Name) })
	return append(rules, nodeRules(s)...)
}

func nodeRules(s *ast.Schema) []Rule {
	var rules []Rule
	for _, t := range s.GetPossibleTypes(s.Types["Node"]) {
		rules = append(rules, ruleOf(t.Name, t.Directives))
	}

	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.Name, b.Name) })
	return rules
}

func ruleOf(name string, directives ast.DirectiveList) Rule {
	r := Rule{Name: name, SignedIn: directives.ForName("signedIn") != nil}
	for _, d := range directives {
		if d.Name == "authorize" || d.Name == "signedIn" {
			r.Guards++
		}
	}

	if guard := directives.ForName("authorize"); guard != nil {
		if role := guard.Arguments.ForName("role"); role != nil {
			r.Need.Role = authz.Role(role.Value.Raw)
		}

		if scope := guard.Arguments.ForName("scope"); scope != nil {
			r.Need.Scope = authz.Scope(scope.Value.Raw)
		}
	}

	return r
}

func inputRules(s *ast.Schema, field *ast.FieldDefinition) []InputRule {
	input := field.Arguments.ForName("input")
	if input == nil {
		return nil
	}

	var rules []InputRule
	for _, f := range s.Types[input.Type.Name()].Fields {
		if needs := f.Directives.ForName("needs"); needs != nil {
			scope := authz.Scope(needs.Arguments.ForName("scope").Value.Raw)
			rules = append(rules, InputRule{Field: f.Name, Need: authz.Need{Scope: scope}})
		}
	}

	return rules
}

// Allows reports whether the rule lets an actor pass.
func (r Rule) Allows(a authz.Actor) bool {
	if r.SignedIn {
		return a.Kind != ""
	}

	return r.Need.Decide(a) == nil
}
