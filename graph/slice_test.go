package graph

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

// ofEach is what is selected of each datastore.
func ofEach(t *testing.T, selected string) ast.SelectionSet {
	t.Helper()
	query, fragment, _ := strings.Cut(selected, "fragment")
	if fragment != "" {
		fragment = "fragment" + fragment
	}
	doc, err := gqlparser.LoadQuery(NewExecutableSchema(Config{}).Schema(),
		`{ datastores { nodes { `+query+` } } } `+fragment)
	if err != nil {
		t.Fatal(err)
	}
	list, _ := doc.Operations[0].SelectionSet[0].(*ast.Field)
	nodes, _ := list.SelectionSet[0].(*ast.Field)
	return nodes.SelectionSet
}

const (
	plain   = `id name createdBy { label }`
	loading = `id objects { nodes { key } }`
)

func TestLoads_IsWhetherAResolverReadsAnyFieldOfIt(t *testing.T) {
	t.Parallel()
	for selected, want := range map[string]bool{
		plain:   false,
		loading: true,
		`... on Datastore { name ... on Datastore { object(key: "a") { id } } }`: true,
		`... on Datastore { name }`:                                                   false,
		`...sizes fragment sizes on Datastore { usedBytes objectCount }`:              false,
		`...within fragment within on Datastore { name uploads { nodes { state } } }`: true,
	} {
		if got := loads(ofEach(t, selected)); got != want {
			t.Errorf("%s: %t", selected, got)
		}
	}
}

func TestMarshalSlice_WithoutAnythingToLoad_GoesInOrder(t *testing.T) {
	t.Parallel()
	var order []int // without a lock, which the race detector would miss
	all := marshalSlice(t.Context(), ofEach(t, plain), 20, func(ctx context.Context, i int) graphql.Marshaler {
		order = append(order, *graphql.GetFieldContext(ctx).Index)
		return graphql.MarshalInt(i)
	})
	if !slices.IsSorted(order) || len(order) != 20 || len(all) != 20 {
		t.Errorf("it marshals %v to %d elements", order, len(all))
	}
}

func TestMarshalSlice_WithSomethingToLoad_HasAllWaitAtOnce(t *testing.T) {
	t.Parallel()
	var begun sync.WaitGroup
	begun.Add(20)
	marshalSlice(t.Context(), ofEach(t, loading), 20, func(context.Context, int) graphql.Marshaler {
		begun.Done()
		begun.Wait()
		return graphql.Null
	})
}

func TestMarshalSlice_Panic_IsAnErrorOfThatElement(t *testing.T) {
	t.Parallel()
	ctx := graphql.WithResponseContext(t.Context(), graphql.DefaultErrorPresenter,
		func(_ context.Context, panicked any) error { return fmt.Errorf("%v", panicked) })
	all := marshalSlice(ctx, ofEach(t, plain), 3, func(_ context.Context, i int) graphql.Marshaler {
		if i == 1 {
			panic("a resolver")
		}
		return graphql.True
	})
	if got := graphql.GetErrors(ctx); len(got) != 1 || got[0].Path.String() != "[1]" {
		t.Errorf("the errors are %v", got)
	}
	if all[0] != graphql.True || all[1] != graphql.Null || all[2] != graphql.True {
		t.Errorf("the elements are %v", all)
	}
}

// TestGenerated_CallsThisPackage fails when gqlgen writes other calls than those that make generate replaces.
func TestGenerated_CallsThisPackage(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.generated.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var code strings.Builder
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	for theirs, ours := range map[string]string{
		"MarshalSliceConcurrently": "marshalSlice(ctx, sel, len(v), ",
		"graphql.ResolveField(":    "return resolveField(",
		"NewDeferredGroup":         "deferred := graphql.DeferredGroup{}",
		"return out\n":             "return marshalObject(fields, out)",
	} {
		if strings.Contains(code.String(), theirs) || !strings.Contains(code.String(), ours) {
			t.Errorf("gqlgen's %s is called, or %s is not", theirs, ours)
		}
	}
}
