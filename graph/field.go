package graph

import (
	"context"
	"io"
	"reflect"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

// resolveField answers a field. Generated code calls it in place of graphql.ResolveField, which gives each field a
// context, for resolvers, directives and errors. A leaf that lies in memory has none of them, and is marshalled without
// one. If it panics after all, it is resolved again by graphql.ResolveField, which makes an error with a path of it.
//
// An extension that intercepts fields is called with the context of the object that has the leaf.
func resolveField[T any](
	ctx context.Context,
	oc *graphql.OperationContext,
	field graphql.CollectedField,
	newContext func(context.Context, graphql.CollectedField) (*graphql.FieldContext, error),
	read graphql.Resolver,
	directives func(context.Context, graphql.Resolver) graphql.Resolver,
	marshal func(context.Context, ast.SelectionSet, T) graphql.Marshaler,
	recovers, nonNull bool,
) graphql.Marshaler {
	if directives == nil && inMemory[T](field, nonNull) {
		if m, ok := marshalLeaf(ctx, oc, read, marshal); ok {
			return m
		}
	}

	return graphql.ResolveField(ctx, oc, field, newContext, read, directives, marshal, recovers, nonNull)
}

// inMemory reports whether a field is a single leaf that no resolver reads and that cannot be missing: elements of
// lists, and null in the place of a value, are errors with a path.
func inMemory[T any](field graphql.CollectedField, nonNull bool) bool {
	if len(field.Selections) > 0 || len(field.Definition.Arguments) > 0 || field.Definition.Type.Elem != nil ||
		isLoaded(field.Field) {
		return false
	}

	switch reflect.TypeFor[T]().Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Interface:
		return !nonNull
	default:
		return true
	}
}

func marshalLeaf[T any](
	ctx context.Context, oc *graphql.OperationContext, read graphql.Resolver,
	marshal func(context.Context, ast.SelectionSet, T) graphql.Marshaler,
) (m graphql.Marshaler, ok bool) {
	defer func() {
		if recover() != nil {
			m, ok = nil, false
		}
	}()
	value, err := oc.ResolverMiddleware(ctx, read)
	leaf, ok := value.(T)
	if err != nil || !ok {
		return nil, false
	}

	return marshal(ctx, nil, leaf), true
}

// object marshals the fields of an object in their order. Generated code returns it in place of the graphql.FieldSet,
// which copies each field and keeps a map of the names that it has written.
type object struct {
	fields []graphql.CollectedField
	values []graphql.Marshaler
}

// manyFields is how many fields an object has at most whose names are compared each with each.
const manyFields = 30

// marshalObject returns what writes the fields of an object.
func marshalObject(fields []graphql.CollectedField, all *graphql.FieldSet) graphql.Marshaler {
	if len(fields) > manyFields {
		return all
	}

	return object{fields, all.Values}
}

// MarshalGQL writes the object. The first of two fields of one name counts.
func (o object) MarshalGQL(w io.Writer) {
	before := `{"`
	for i := range o.fields {
		name := o.fields[i].Alias
		if o.has(name, i) {
			continue
		}

		_, _ = io.WriteString(w, before)
		_, _ = io.WriteString(w, name)
		_, _ = io.WriteString(w, `":`)
		o.values[i].MarshalGQL(w)
		before = `,"`
	}

	if len(o.fields) == 0 {
		_, _ = io.WriteString(w, `{`)
	}

	_, _ = io.WriteString(w, `}`)
}

// has reports whether one of the first n fields has a name.
func (o object) has(name string, n int) bool {
	for i := range n {
		if o.fields[i].Alias == name {
			return true
		}
	}

	return false
}
