package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/schema"
)

// TestPermissions_EveryRootField_LetsInWhomTheSchemaSays calls each root field as each role, each scope and nobody.
func TestPermissions_EveryRootField_LetsInWhomTheSchemaSays(t *testing.T) {
	t.Parallel()
	contract, err := schema.Load()
	testkit.Must(t, err)
	w := newWorld(t, shared)
	callers := w.callers()
	denied := 0
	for _, rule := range schema.Rules(contract) {
		root, name, isRoot := strings.Cut(rule.Name, ".")
		if !isRoot {
			continue
		}
		operation := operationOf(contract, root, name)
		for _, c := range callers {
			a := w.do(c.credential, operation, nil)
			if c.actor.Kind == "" {
				if a.status != http.StatusUnauthorized || a.code() != "UNAUTHENTICATED" {
					t.Errorf("%s as nobody: %d %s", rule.Name, a.status, a.body)
				}
				continue
			}
			refused := peopleOnly[rule.Name] && c.actor.Kind == authz.APIKey
			allowed := rule.Allows(c.actor) && !refused
			if code := a.code(); (code == "FORBIDDEN") == allowed || code == "INTERNAL" ||
				strings.HasPrefix(code, "GRAPHQL_") {
				t.Errorf("%s as %s: %s", rule.Name, c.name, a.body)
			}
			if a.code() == "FORBIDDEN" && !rule.SignedIn {
				denied++
				checkRefusal(t, rule, a)
			}
		}
	}
	if denied < 50 {
		t.Fatalf("only %d calls were refused: the test shows nothing", denied)
	}
}

// peopleOnly are fields that any valid credential may call, whose noun refuses API keys.
var peopleOnly = map[string]bool{"Mutation.createWorkspace": true}

func checkRefusal(t *testing.T, rule schema.Rule, a answer) {
	t.Helper()
	errs, _ := a.tree["errors"].([]any)
	first, _ := errs[0].(map[string]any)
	said := answer{tree: first}
	if said.text("extensions", "requiredRole") != string(rule.Need.Role) ||
		said.text("extensions", "requiredScope") != string(rule.Need.Scope) {
		t.Errorf("%s does not say what is missing: %s", rule.Name, a.body)
	}
}

type caller struct {
	credential
	name  string
	actor authz.Actor
}

func (w *world) callers() []caller {
	all := []caller{{name: "nobody"}}
	for _, role := range authz.Roles() {
		all = append(all, caller{w.user("acme", role), string(role), authz.Actor{
			Who:       authz.Who{Kind: authz.User},
			Workspace: w.acme,
			Role:      role,
		}})
	}
	for _, scope := range authz.AllScopes() {
		all = append(all, caller{w.apiKey("acme", scope), scope.Text(),
			authz.Actor{Who: authz.Who{Kind: authz.APIKey}, Workspace: w.acme, Scopes: authz.NewScopes(scope)}})
	}
	return all
}

// operationOf calls a root field with arguments that fit its types and name nothing.
func operationOf(s *ast.Schema, root, name string) string {
	field := s.Types[root].Fields.ForName(name)
	var args []string
	for _, a := range field.Arguments {
		if a.Type.NonNull && a.DefaultValue == nil {
			args = append(args, a.Name+": "+valueOf(s, a.Type))
		}
	}
	call := name
	if len(args) > 0 {
		call += "(" + strings.Join(args, ", ") + ")"
	}
	if s.Types[field.Type.Name()].IsCompositeType() {
		call += " { __typename }"
	}
	return fmt.Sprintf("%s { %s }", strings.ToLower(root), call)
}

func valueOf(s *ast.Schema, t *ast.Type) string {
	if t.Elem != nil {
		return "[" + valueOf(s, t.Elem) + "]"
	}
	def := s.Types[t.NamedType]
	switch {
	case def.Kind == ast.Enum:
		return def.EnumValues[0].Name
	case def.Kind == ast.InputObject:
		return "{" + strings.Join(fieldsOf(s, def), ", ") + "}"
	case def.Name == "ID":
		return `"01980000-0000-7000-8000-000000000000"`
	case def.Name == "Int":
		return "1"
	case def.Name == "Base64":
		return `"eA=="`
	case def.Name == "JSONObject":
		return "{}"
	}
	return `"x"`
}

func fieldsOf(s *ast.Schema, def *ast.Definition) []string {
	var fields []string
	for _, f := range def.Fields {
		if f.Type.NonNull && f.DefaultValue == nil {
			fields = append(fields, f.Name+": "+valueOf(s, f.Type))
		}
	}
	if def.Directives.ForName("oneOf") != nil {
		fields = []string{def.Fields[0].Name + ": " + valueOf(s, def.Fields[0].Type)}
	}
	return fields
}
