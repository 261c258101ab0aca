package e2e

import (
	"os"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/schema"
)

func TestCost_ListsWithinLists_AreRefusedUnrun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	who := w.user("acme", authz.Admin)
	const variable = `query($n: Int) { datastores(first: $n) { nodes { objects(first: $n) { nodes { id key } } } } }`
	for query, test := range map[string]struct {
		variables map[string]any
		lower     string
	}{
		`{ all: datastores(first: 20) { nodes { files: objects(first: 100) { nodes { id key current { sizeBytes } } } } } }`: {nil,
			"`all.nodes.files` costs 99 % of them: lower its `first: 100`."},
		variable: {map[string]any{"n": 100}, "`datastores` costs 99 % of them: lower its `first: 100`."},
		`{ datastores { nodes { objects(first: 1) { nodes { current { content { text } } } } uploads(first: 100) { nodes { id } } } } }`: {nil,
			"`datastores` costs 99 % of them: lower its `first: 20`, which is the default."},
	} {
		a := w.do(who, query, test.variables)
		errs, _ := a.tree["errors"].([]any)
		if a.code() != "QUERY_TOO_COSTLY" || len(errs) != 1 || a.tree["data"] != nil {
			t.Errorf("%s: %s", query, a.body)
			continue
		}
		first, _ := errs[0].(map[string]any)
		if said, _ := first["message"].(string); !strings.HasSuffix(said, test.lower) {
			t.Errorf("%s: %s", query, a.body)
		}
		points, _ := answer{tree: first}.at("extensions", "cost").(float64)
		if limit := (answer{tree: first}).at("extensions", "limit"); points <= 2000 || limit != 2000.0 {
			t.Errorf("%s: %s", query, a.body)
		}
	}
	if a := w.do(who, variable, map[string]any{"n": 10}); a.code() != "" {
		t.Errorf("ten of ten: %s", a.body)
	}
}

func TestCost_WhatPagesAsk_IsRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	introspection, err := os.ReadFile("../internal/document/testdata/introspection.graphql")
	testkit.Must(t, err)
	for _, query := range []string{
		string(introspection),
		`{ viewer { actor { label } workspace { name usage { usedBytes secretCount } } } datastores { nodes { id name createdBy { label } } pageInfo { hasNextPage endCursor } totalCount } }`,
		`{ datastores { nodes { id name objects { nodes { id key current { sizeBytes createdBy { label } } } pageInfo { hasNextPage } } } } }`,
		`{ datastores(first: 1) { nodes { objects(first: 100) { edges { cursor node { id key current { sizeBytes contentType createdBy { label } } } } pageInfo { hasNextPage endCursor } } } } }`,
		`{ secrets(first: 100) { nodes { id name versions(first: 5) { nodes { version createdBy { label } } } } } }`,
		`{ auditEvents(first: 100) { nodes { id at action actor { label } } pageInfo { hasNextPage endCursor } } }`,
	} {
		if a := w.do(w.user("acme", authz.Admin), query, nil); a.code() != "" {
			t.Errorf("%.80s: %s", query, a.body)
		}
	}
}

// TestCost_EveryPagedField_IsPriced fails for a list that was added to the contract without its price.
func TestCost_EveryPagedField_IsPriced(t *testing.T) {
	t.Parallel()
	contract, err := schema.Load()
	testkit.Must(t, err)
	for _, definition := range contract.Types {
		for _, field := range definition.Fields {
			if field.Arguments.ForName("first") != nil && pricedPer(field) != "first" {
				t.Errorf("%s.%s needs @cost(per: \"first\")", definition.Name, field.Name)
			}
			if isUnpricedList(contract, definition, field) {
				t.Errorf("%s.%s is a list of objects: it needs @cost with per, or with times",
					definition.Name, field.Name)
			}
			if strings.HasSuffix(field.Type.Name(), "Connection") && pricedPer(field) == "" &&
				pricedTimes(field) == "" {
				t.Errorf("%s.%s needs @cost with per, or with times", definition.Name, field.Name)
			}
		}
	}
}

func pricedPer(field *ast.FieldDefinition) string { return price(field, "per") }

func pricedTimes(field *ast.FieldDefinition) string { return price(field, "times") }

func price(field *ast.FieldDefinition, by string) string {
	cost := field.Directives.ForName("cost")
	if cost == nil || cost.Arguments.ForName(by) == nil {
		return ""
	}
	return cost.Arguments.ForName(by).Value.Raw
}

// isUnpricedList reports that a field is a list of objects which nothing multiplies: neither its own price, nor that
// of the page it belongs to.
func isUnpricedList(contract *ast.Schema, of *ast.Definition, field *ast.FieldDefinition) bool {
	isPage := strings.HasSuffix(of.Name, "Connection") || strings.HasSuffix(of.Name, "Page")
	return field.Type.Elem != nil && contract.Types[field.Type.Name()].IsCompositeType() && !isPage &&
		!strings.HasPrefix(field.Name, "__") &&
		!strings.HasPrefix(of.Name, "__") && pricedPer(field) == "" && pricedTimes(field) == ""
}
