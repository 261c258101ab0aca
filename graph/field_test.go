package graph

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// selectedOfEach are the fields that are selected of each datastore, as they are collected.
func selectedOfEach(t *testing.T, selected string) (all []graphql.CollectedField) {
	t.Helper()
	for _, s := range ofEach(t, selected) {
		if f, ok := s.(*ast.Field); ok {
			all = append(all, graphql.CollectedField{Field: f, Selections: f.SelectionSet})
		}
	}
	return all
}

func TestInMemory_IsAnythingButWhatNeedsAContext(t *testing.T) {
	t.Parallel()
	for selected, want := range map[string]bool{
		`name`:                    true,
		`createdAt`:               true,
		`contentTypes`:            false, // an element may be an error
		`createdBy { label }`:     false, // its fields have paths
		`object(key: "a") { id }`: false,
	} {
		if got := inMemory[string](selectedOfEach(t, selected)[0], true); got != want {
			t.Errorf("%s: %t", selected, got)
		}
	}
	name := selectedOfEach(t, `name`)[0]
	if inMemory[*string](name, true) || !inMemory[*string](name, false) {
		t.Error("null in the place of a value is no error with a path")
	}
	node := graphql.CollectedField{Field: &ast.Field{
		Name:             "metadata",
		Definition:       &ast.FieldDefinition{Type: ast.NamedType("JSONObject", nil)},
		ObjectDefinition: &ast.Definition{Name: "ObjectVersion"},
	}}
	if inMemory[map[string]any](node, false) {
		t.Error("a leaf that a resolver reads counts as one in memory")
	}
}

// resolve resolves the name of a datastore that is read by a function.
func resolve(t *testing.T, read graphql.Resolver, nonNull bool) (answer string, contexts int, errs error) {
	t.Helper()
	ctx := graphql.WithResponseContext(t.Context(), graphql.DefaultErrorPresenter, graphql.DefaultRecover)
	oc := &graphql.OperationContext{
		RecoverFunc:        func(_ context.Context, panicked any) error { return fmt.Errorf("%v", panicked) },
		ResolverMiddleware: func(ctx context.Context, next graphql.Resolver) (any, error) { return next(ctx) },
	}
	m := resolveField(ctx, oc, selectedOfEach(t, `called: name`)[0],
		func(_ context.Context, f graphql.CollectedField) (*graphql.FieldContext, error) {
			contexts++
			return &graphql.FieldContext{Object: "Datastore", Field: f}, nil
		}, read, nil,
		func(_ context.Context, _ ast.SelectionSet, v string) graphql.Marshaler {
			return graphql.MarshalString(v)
		},
		true, nonNull)
	var text strings.Builder
	m.MarshalGQL(&text)
	if found := graphql.GetErrors(ctx); len(found) > 0 {
		errs = found
	}
	return text.String(), contexts, errs
}

func TestResolveField_LeafInMemory_NeedsNoContext(t *testing.T) {
	t.Parallel()
	answer, contexts, errs := resolve(t, func(context.Context) (any, error) { return "data", nil }, true)
	if answer != `"data"` || contexts != 0 || errs != nil {
		t.Errorf("got %s with %d contexts, %v", answer, contexts, errs)
	}
}

func TestResolveField_LeafThatFails_IsAnErrorWithItsPath(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]graphql.Resolver{
		"a panic":      func(context.Context) (any, error) { panic("broken") },
		"an error":     func(context.Context) (any, error) { return nil, errors.New("broken") },
		"nothing":      func(context.Context) (any, error) { return nil, nil },
		"another type": func(context.Context) (any, error) { return 1, nil },
	} {
		answer, _, errs := resolve(t, read, true)
		if answer != "null" || errs == nil || !strings.Contains(errs.Error(), "called") {
			t.Errorf("%s: %s, %v", name, answer, errs)
		}
	}
}

func TestMarshalObject_WritesWhatAFieldSetDoes(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, manyFields, manyFields + 1} {
		fields := make([]graphql.CollectedField, n)
		for i := range fields {
			fields[i] = graphql.CollectedField{Field: &ast.Field{Alias: fmt.Sprintf("field%d", i)}}
		}
		if n > 1 {
			fields[n-1] = fields[0]
		}
		set := graphql.NewFieldSet(fields)
		for i := range fields {
			set.Values[i] = graphql.MarshalInt(i)
		}
		var want, got strings.Builder
		set.MarshalGQL(&want)
		marshalObject(fields, set).MarshalGQL(&got)
		if got.String() != want.String() {
			t.Errorf("%d fields: got %s, want %s", n, got.String(), want.String())
		}
	}
}
