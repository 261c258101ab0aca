package graph

import (
	"context"
	"reflect"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// loaded are the fields that a resolver reads by itself, such as Datastore.objects; those of an interface if the
// resolver of any of its objects does.
var loaded = loadedIn(parsedSchema, resolved(reflect.TypeFor[ResolverRoot]()))

// fieldName names a field of a type.
type fieldName struct{ object, field string }

func loadedIn(contract *ast.Schema, resolvers map[string]bool) map[fieldName]bool {
	all := map[fieldName]bool{}
	for _, t := range contract.Types {
		for _, object := range append(slices.Clone(contract.PossibleTypes[t.Name]), t) {
			for _, f := range t.Fields {
				if resolvers[strings.ToLower(object.Name+"."+f.Name)] {
					all[fieldName{t.Name, f.Name}] = true
				}
			}
		}
	}

	return all
}

// resolved are the methods of the resolvers, such as `datastore.objects`, in lower case.
func resolved(root reflect.Type) map[string]bool {
	all := map[string]bool{}
	for object := range root.Methods() {
		for field := range object.Type.Out(0).Methods() {
			all[strings.ToLower(object.Name+"."+field.Name)] = true
		}
	}

	return all
}

func isLoaded(f *ast.Field) bool { return loaded[fieldName{f.ObjectDefinition.Name, f.Name}] }

// marshalSlice marshals the elements of a list. If a selected field loads something, each element has a goroutine of
// its own, so that one query loads it for all. Otherwise goroutines would cost a third of the whole answer, and the
// elements are marshalled in order. Generated code calls it in place of graphql.MarshalSliceConcurrently.
func marshalSlice(
	ctx context.Context, sel ast.SelectionSet, length int, element func(context.Context, int) graphql.Marshaler,
) graphql.Array {
	if length > 1 && loads(sel) {
		return graphql.MarshalSliceConcurrently(ctx, length, workers, false, element)
	}

	fields, indices, all := make([]graphql.FieldContext, length), make([]int, length), make(graphql.Array, length)
	for i := range all {
		indices[i] = i
		fields[i].Index = &indices[i]
		all[i] = marshalElement(graphql.WithFieldContext(ctx, &fields[i]), i, element)
	}

	return all
}

// workers is how many elements of one list are marshalled at once at most.
const workers = 100

// marshalElement turns a panic into the element's error.
func marshalElement(
	ctx context.Context, i int, element func(context.Context, int) graphql.Marshaler,
) (m graphql.Marshaler) {
	defer func() {
		if r := recover(); r != nil {
			graphql.AddError(ctx, graphql.Recover(ctx, r))
			m = graphql.Null
		}
	}()

	return element(ctx, i)
}

// loads reports whether a resolver reads any of the selected fields, or of those below them.
func loads(sel ast.SelectionSet) bool {
	return slices.ContainsFunc(sel, func(s ast.Selection) bool {
		switch s := s.(type) {
		case *ast.Field:
			return isLoaded(s) || loads(s.SelectionSet)
		case *ast.InlineFragment:
			return loads(s.SelectionSet)
		case *ast.FragmentSpread:
			return loads(s.Definition.SelectionSet)
		default:
			return false
		}
	})
}
