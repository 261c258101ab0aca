package schema

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/authz"
)

// describe adds to descriptions what the directives say: who may, what a request may ask for only once, and what may
// not be null. It has each `input` argument say what its type says.
func describe(contract *ast.Schema) {
	for _, t := range contract.Types {
		if t.BuiltIn {
			continue
		}

		if hasGuard(t.Directives) {
			t.Description += "\n\nWho may read it: " + ruleOf(t.Name, t.Directives).who()
		}

		for _, field := range t.Fields {
			if field.Directives.ForName("once") != nil {
				field.Description += "\n\nA request may ask for it once."
			}

			if field.Directives.ForName("notNull") != nil {
				field.Description += " It may be left out; null is refused."
			}

			if hasGuard(field.Directives) {
				field.Description += "\n\nWho may: " + ruleOf(field.Name, field.Directives).who()
			}

			if input := field.Arguments.ForName("input"); input != nil && input.Description == "" {
				input.Description = contract.Types[input.Type.Name()].Description
			}
		}
	}
}

func hasGuard(directives ast.DirectiveList) bool {
	return directives.ForName("authorize") != nil || directives.ForName("signedIn") != nil
}

// who says in words whom the rule lets pass.
func (r Rule) who() string {
	if r.SignedIn {
		return "any valid credential, unless stated otherwise."
	}

	users, keys := "no user", "no API key"
	switch {
	case r.Need.Role == authz.Admin:
		users = "users with the role ADMIN"
	case r.Need.Role != "":
		users = "users with the role " + string(r.Need.Role) + " or above"
	}

	if r.Need.Scope != "" {
		keys = "API keys with the scope " + anyOf(r.Need.Scope.Including())
	}

	return strings.Join([]string{users, keys}, "; ") + "."
}

// anyOf lists scopes as callers write them.
func anyOf(scopes []authz.Scope) string {
	names := make([]string, len(scopes))
	for i, scope := range scopes {
		names[i] = "`" + scope.Text() + "`"
	}

	last := len(names) - 1
	if last == 0 {
		return names[0]
	}

	return strings.Join(names[:last], ", ") + " or " + names[last]
}
