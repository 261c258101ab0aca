package app

import (
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/schema"
)

// TestUpdates_Null_ClearsOrIsRefused sends null for each field of each update: it clears the field, or is refused as
// the contract says, and is never passed over.
func TestUpdates_Null_ClearsOrIsRefused(t *testing.T) {
	t.Parallel()
	contract, err := schema.Load()
	testkit.Must(t, err)
	h := newHouse(t, 1)
	var refused []string
	for _, f := range contract.Mutation.Fields {
		if !strings.HasPrefix(f.Name, "update") {
			continue
		}
		input := contract.Types[f.Arguments.ForName("input").Type.Name()]
		target := h.target(t, input)
		h.send(t, h.admin, h.filledIn(t, twice[f.Name]))
		for _, field := range input.Fields {
			if field.Type.NonNull || strings.HasPrefix(field.Name, "if") { // a precondition is no update
				continue
			}
			before := h.state(t)
			answer := h.ask(h.admin, `mutation { `+f.Name+`(input: {`+target+field.Name+`: null}) { __typename } }`, nil)
			isRefused := answer.refuses(field.Name)
			if isRefused {
				refused = append(refused, f.Name+"."+field.Name)
			}
			if changed := h.state(t) != before; changed == isRefused {
				t.Errorf("%s.%s: null is refused %v, and changes something %v: %s", f.Name, field.Name, isRefused,
					changed, answer.body)
			}
			if marked := field.Directives.ForName("notNull") != nil; marked != isRefused {
				t.Errorf("%s.%s bears @notNull: %v; null is refused: %v", f.Name, field.Name, marked, isRefused)
			}
		}
	}
	for _, want := range []string{"updateDatastore.name", "updateSecret.name", "updateWorkspace.requireRevealReason"} {
		if !slices.Contains(refused, want) {
			t.Errorf("null is not refused of %s, but of %v", want, refused)
		}
	}
}

// TestUpdates_NullInVariables_IsToldFromLeftOut sends null as generated clients do: in the variable of the input, and
// in one of a field.
func TestUpdates_NullInVariables_IsToldFromLeftOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	whole := `mutation($in: UpdateWorkspaceInput!) { updateWorkspace(input: $in) { workspace { name } } }`
	part := `mutation($n: String) { updateWorkspace(input: {name: $n}) { workspace { name } } }`
	for name, c := range map[string]struct {
		query     string
		variables map[string]any
		refused   bool
	}{
		"the input has null":         {whole, map[string]any{"in": map[string]any{"name": nil}}, true},
		"the input has nothing":      {whole, map[string]any{"in": map[string]any{}}, false},
		"the field's is null":        {part, map[string]any{"n": nil}, true},
		"the field's is not there":   {part, nil, false},
		"the input has another name": {whole, map[string]any{"in": map[string]any{"name": "other"}}, false},
	} {
		if a := h.ask(h.admin, c.query, c.variables); a.refuses("name") != c.refused {
			t.Errorf("%s: %s", name, a.body)
		}
	}
	if a := h.ask(h.viewer(), whole, map[string]any{"in": map[string]any{"name": nil}}); a.code() != "FORBIDDEN" {
		t.Errorf("who may is not decided first: %s", a.body)
	}
}

// target is what of an input says which row is meant, as the beginning of a literal.
func (h house) target(t *testing.T, input *ast.Definition) (literal string) {
	t.Helper()
	for _, field := range input.Fields {
		if field.Type.NonNull {
			literal += field.Name + `: "` + h.filledIn(t, strings.ToUpper(strings.TrimSuffix(field.Name, "Id"))) + `", `
		}
	}
	return literal
}
