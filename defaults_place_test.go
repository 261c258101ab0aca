package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

type tree = map[string]any

// none is what is left out; bare is written as it is: a variable, an enum value.
type (
	none struct{}
	bare string
)

// text is a value as GraphQL writes it.
func text(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bare:
		return string(v)
	case []any:
		return "[" + text(v[0]) + "]"
	case tree:
		return "{" + members(v) + "}"
	default:
		written, _ := json.Marshal(v)
		return string(written)
	}
}

func members(all tree) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if all[name] != (none{}) {
			parts = append(parts, name+": "+text(all[name]))
		}
	}
	return strings.Join(parts, ", ")
}

// place is an argument or input field with a default, and how it is reached.
type place struct {
	name, field, argument, leaf string
	// kind is its own type, whole that of the argument that it is in.
	kind, whole *ast.Type
	fallback    *ast.Value
	contract    *ast.Schema
	// with returns the field's arguments with a value at the place.
	with func(any) tree
	// around is the document's text before and after the field.
	around [2]string
}

// document is one in which the field has these arguments.
func (p place) document(variables string, arguments tree) string {
	if variables != "" {
		variables = "(" + variables + ")"
	}
	call := p.field
	if written := members(arguments); written != "" {
		call += "(" + written + ")"
	}
	return strings.Replace(p.around[0], " {", variables+" {", 1) + call + " { __typename }" + p.around[1]
}

// other is a value that is not the default.
func (p place) other() any {
	switch {
	case p.kind.Elem != nil && p.contract.Types[p.kind.Name()].Kind == ast.InputObject:
		return []any{(&finder{contract: p.contract}).least(p.kind.Elem)}
	case p.kind.Elem != nil:
		return []any{"a/b"}
	case p.kind.NamedType == "Boolean":
		return p.fallback.Raw != "true"
	case p.kind.NamedType == "Int":
		return 7
	case p.kind.NamedType == "Duration":
		return "PT2H"
	case p.contract.Types[p.kind.NamedType].Kind == ast.Enum:
		values := p.contract.Types[p.kind.NamedType].EnumValues
		return bare(values[len(values)-1].Name)
	}
	return ":"
}

// finder finds the places that have a default.
type finder struct {
	contract *ast.Schema
	found    []place
}

func (f *finder) all() []place {
	for _, root := range []struct {
		of    *ast.Definition
		start string
	}{{f.contract.Query, "query {"}, {f.contract.Mutation, "mutation {"}} {
		f.fields(root.of, [2]string{root.start, "}"})
	}
	for _, node := range f.contract.GetPossibleTypes(f.contract.Types["Node"]) {
		f.fields(node, [2]string{"query { node(id: \"" + node.Name + "\") { ... on " + node.Name + " {", "}}}"})
	}
	return f.found
}

func (f *finder) fields(of *ast.Definition, around [2]string) {
	for _, field := range of.Fields {
		if strings.HasPrefix(field.Name, "__") {
			continue
		}
		required := tree{}
		for _, a := range field.Arguments {
			if a.Type.NonNull {
				required[a.Name] = f.least(a.Type)
			}
		}
		for _, a := range field.Arguments {
			at := place{
				name:     of.Name + "." + field.Name + "." + a.Name,
				field:    field.Name,
				argument: a.Name,
				whole:    a.Type,
				contract: f.contract,
				around:   around,
			}
			at.with = func(v any) tree { return with(required, a.Name, v) }
			f.visit(at, a.Name, a.Type, a.DefaultValue)
		}
	}
}

func (f *finder) visit(at place, leaf string, kind *ast.Type, fallback *ast.Value) {
	if fallback != nil {
		at.leaf, at.kind, at.fallback = leaf, kind, fallback
		f.found = append(f.found, at)
	}
	definition := f.contract.Types[kind.Name()]
	if definition.Kind != ast.InputObject || kind.Elem != nil {
		return
	}
	required, _ := f.least(kind).(tree)
	if definition.Directives.ForName("oneOf") != nil {
		required = nil
	}
	for _, field := range definition.Fields {
		within := at
		within.name += "." + field.Name
		within.with = func(v any) tree { return at.with(with(required, field.Name, v)) }
		f.visit(within, field.Name, field.Type, field.DefaultValue)
	}
}

func with(all tree, name string, value any) tree {
	all = maps.Clone(all)
	if all == nil {
		all = tree{}
	}
	all[name] = value
	return all
}

// least is the smallest value of a type.
func (f *finder) least(t *ast.Type) any {
	definition := f.contract.Types[t.Name()]
	switch {
	case t.Elem != nil:
		return []any{f.least(t.Elem)}
	case definition.Kind == ast.Enum:
		return bare(definition.EnumValues[0].Name)
	case definition.Kind == ast.InputObject:
		least := tree{}
		for _, field := range definition.Fields {
			if field.Type.NonNull || definition.Directives.ForName("oneOf") != nil && len(least) == 0 {
				least[field.Name] = f.least(field.Type)
			}
		}
		return least
	case t.NamedType == "Int":
		return 1
	case t.NamedType == "Duration":
		return "PT3H"
	case t.NamedType == "Base64":
		return "YQ=="
	}
	return "1"
}
